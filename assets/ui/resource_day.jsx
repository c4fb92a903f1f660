// One day, a column a practitioner: our own grid, because FullCalendar's resources are not free. Drag between columns, stretch, tap.
import { useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { EventBody, canMove, clockOf, closedOf, endOf, hoursOf, lanes, length, looksOf, minuteOf, spoken, useNow, wallOf } from "./agenda_parts.jsx";

const HOUR = 64;
const SNAP = 15;
const snap = (minutes) => Math.round(minutes / SNAP) * SNAP;

function Head({ person, blocks, openings }) {
  const t = useT();
  const sum = (list, start, end) => list.reduce((all, one) => all + endOf(one[start], one[end]) - minuteOf(one[start]), 0);
  const taken = sum(blocks.filter((one) => !["cancelled", "declined", "noshow"].includes(one.status)), "start", "end");
  const open = sum(openings, "local_start", "local_end");
  const full = open > 0 && taken >= open;
  const said = open === 0 ? t("Closed") : full ? t("full, {taken}", { taken: length(t, taken) }) : t("{taken} of {open}", { taken: length(t, taken), open: length(t, open) });
  return (
    <div className={`rh cat-${person.colour}`}>
      <span className={`av av-pro cat-${person.colour}`} style={{ "--z": "1.75rem" }} aria-hidden="true">{person.initials}</span>
      <div className="min-w-0"><p className="b clip"><bdi>{person.name}</bdi></p><p className={`t-micro clip num ${full ? "warn-t" : "i3"}`}>{said}</p></div>
      <div className="bar" aria-hidden="true"><i style={{ "--v": `${open ? Math.min(100, (100 * taken) / open) : 0}%`, "--c": "var(--cat)" }} /></div>
    </div>
  );
}

// Pointer work on one grid: which column and minute lies under the finger, and what is being carried.
function useDrag({ grid, columns, from, until, blocks, mayChange, now, onMove }) {
  const [carried, setCarried] = useState(null);
  const start = (event, block, resizing) => {
    if (!mayChange || !block.mine || !canMove(block, now) || event.button !== 0 || event.pointerType === "touch") return;
    const first = { x: event.clientX, y: event.clientY };
    const length = endOf(block.start, block.end) - minuteOf(block.start);
    const grip = event.clientY - event.currentTarget.closest(".ev").getBoundingClientRect().top;
    let held = null;
    const follow = (move) => {
      if (!held && Math.hypot(move.clientX - first.x, move.clientY - first.y) < 5) return;
      const cells = [...grid.current.querySelectorAll("[data-column]")];
      const over = cells.find((cell) => { const box = cell.getBoundingClientRect(); return move.clientX >= box.left && move.clientX < box.right; });
      const box = (over ?? cells.find((cell) => cell.dataset.column === block.practitioner_id)).getBoundingClientRect();
      const at = from * 60 + ((move.clientY - box.top) / HOUR) * 60;
      const begin = minuteOf(block.start);
      held = resizing
        ? { block, column: block.practitioner_id, start: begin, length: Math.max(SNAP, snap(at - begin)) }
        : { block, column: over?.dataset.column ?? held?.column ?? block.practitioner_id, start: Math.min(Math.max(snap(at - (grip / HOUR) * 60), from * 60), until * 60 - SNAP), length };
      setCarried(held);
    };
    const end = (last) => {
      removeEventListener("pointermove", follow); removeEventListener("pointerup", end); removeEventListener("pointercancel", end); removeEventListener("keydown", leave);
      if (held && last?.type === "pointerup") {
        setCarried({ ...held, sent: true });
        const swallow = (click) => { click.stopPropagation(); click.preventDefault(); };  // the click that ends a drag opens nothing
        addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
        onMove(block.id, wallOf(block.start.slice(0, 10), held.start), held.length, held.column, block.sequence);
      } else setCarried(null);
    };
    const leave = (key) => key.key === "Escape" && end(null);
    addEventListener("pointermove", follow); addEventListener("pointerup", end); addEventListener("pointercancel", end); addEventListener("keydown", leave);
  };
  return [carried, start, setCarried];
}

export function ResourceDay({ day, zone, people, blocks, openings, selected, refused, mayChange, heads = true, onOpen, onMove, onDraw }) {
  const t = useT();
  const now = useNow(zone);
  const grid = useRef(null);
  const [from, until] = hoursOf(blocks, openings);
  const [carried, begin, setCarried] = useDrag({ grid, people, from, until, blocks, mayChange, now, onMove });
  const known = useRef(null);
  const mark = `${refused}${blocks.map((one) => one.id + one.sequence + one.status).join()}`;
  if (known.current !== mark) { known.current = mark; if (carried?.sent) queueMicrotask(() => setCarried(null)); }
  const hours = Array.from({ length: until - from }, (_, n) => from + n);
  const y = (minute) => ((minute - from * 60) / 60) * HOUR;
  const isToday = now.startsWith(day);
  const style = { "--days": people.length || 1, "--hour": `${HOUR}px` };
  const draw = (event, person) => {
    if (!mayChange || event.target.closest(".ev")) return;
    const at = from * 60 + ((event.clientY - event.currentTarget.getBoundingClientRect().top) / HOUR) * 60;
    onDraw(wallOf(day, Math.floor(at / SNAP) * SNAP), person.id);
  };
  return (
    <div className="scroll grow" tabIndex={0} role="region" aria-label={t("Day by practitioner")}>
      {heads && (
        <div className="rday rh-row sticky top-0 z-[6] bg-surface" style={style}>
          <div />
          {people.map((person) => <Head key={person.id} person={person} blocks={blocks.filter((one) => one.practitioner_id === person.id)} openings={openings.filter((one) => one.practitioner_id === person.id)} />)}
        </div>
      )}
      <div className="rday" style={style} ref={grid}>
        <div className="cal-g" style={{ "--hour": `${HOUR}px` }}>
          {hours.map((hour, place) => <span key={hour} className="num" style={{ "--i": place }}>{clockOf(hour * 60)}</span>)}
          {isToday && <b className="nowtime num" style={{ "--y": `${y(minuteOf(now))}px` }}>{now.slice(11)}</b>}
        </div>
        {people.map((person) => {
          const mine = blocks.filter((one) => one.practitioner_id === person.id);
          return (
            <div key={person.id} className="cal-c" data-column={person.id} style={{ "--hour": `${HOUR}px`, blockSize: `${(until - from) * HOUR}px` }} onClick={(event) => draw(event, person)}>
              {closedOf(openings.filter((one) => one.practitioner_id === person.id), day, from * 60, until * 60).map(([start, end]) => (
                <div key={start} className="cal-off" style={{ "--y": `${y(start)}px`, "--h": `${((end - start) / 60) * HOUR}px` }} />
              ))}
              {lanes(mine).map(({ block, lane, count }) => (
                <button key={block.id} type="button" data-id={block.id} data-can={(mayChange && block.mine && canMove(block, now)) || undefined} title={spoken(t, block)}
                  className={`ev ${looksOf(block, now)} ${selected === block.id ? "sel" : ""} ${carried?.block.id === block.id ? "ghosted" : ""}`}
                  style={{ "--y": `${y(minuteOf(block.start))}px`, "--h": `${((endOf(block.start, block.end) - minuteOf(block.start)) / 60) * HOUR}px`, "--l": `${(100 / count) * lane}%`, "--wd": `${100 / count}%` }}
                  onPointerDown={(event) => begin(event, block, event.target.classList.contains("grip"))} onClick={() => onOpen(block.id)}>
                  <EventBody block={block} />
                  {mayChange && block.mine && canMove(block, now) && <span className="grip" aria-hidden="true" />}
                </button>
              ))}
              {carried?.column === person.id && (
                <div className={`ev moving ${looksOf(carried.block, "")}`} aria-hidden="true" style={{ "--y": `${y(carried.start)}px`, "--h": `${(carried.length / 60) * HOUR}px` }}>
                  <EventBody block={{ ...carried.block, start: wallOf(day, carried.start) }} />
                </div>
              )}
              {isToday && minuteOf(now) > from * 60 && minuteOf(now) < until * 60 && <div className="nowband" style={{ "--y": `${y(minuteOf(now))}px` }} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
