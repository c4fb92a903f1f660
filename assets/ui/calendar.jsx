// The week on FullCalendar. Walls of time are fed as UTC, so that no zone of the browser moves anything.
import "../css/calendar.css";
import { useEffect, useMemo, useRef } from "react";
import FullCalendar from "@fullcalendar/react";
import timeGrid from "@fullcalendar/timegrid";
import interaction from "@fullcalendar/interaction";
import { useDirection, useT } from "$/public/i18n.js";
import { EventBody, addDays, canMove, closedOf, clockOf, endOf, hoursOf, looksOf, minuteOf, spoken, useNow, wallOf, weekday } from "./agenda_parts.jsx";

const wall = (moment) => moment.toISOString().slice(0, 16);
const whole = (hour) => `${String(hour).padStart(2, "0")}:00:00`;
const reached = ({ event }) => (event.end - event.start) / 60000;

function Head({ day, today }) {
  const t = useT();
  return <><b className="num">{Number(day.slice(8))}</b><span>{weekday(t, day)}</span>{day === today && <span className="badge is-now hide-s">{t("Today")}</span>}</>;
}

function useShared(first, hidden, from, until, zone) {
  const now = useNow(zone);
  const calendar = useRef(null);
  useEffect(() => { queueMicrotask(() => calendar.current?.getApi().gotoDate(first)); }, [first]);
  return {
    now,
    props: {
      ref: calendar, plugins: [timeGrid, interaction], initialView: "timeGridWeek", initialDate: first, headerToolbar: false, timeZone: "UTC", firstDay: 1, hiddenDays: hidden,
      direction: useDirection(), allDaySlot: false, slotMinTime: whole(from), slotMaxTime: whole(until), slotDuration: "00:15:00", snapDuration: "00:15:00", slotLabelInterval: "01:00",
      height: "100%", nowIndicator: true, now: `${now}:00Z`, slotEventOverlap: false, eventInteractive: true, longPressDelay: 350, eventLongPressDelay: 350,
      slotLabelContent: ({ date }) => clockOf(date.getUTCHours() * 60 + date.getUTCMinutes()), dragRevertDuration: 150,
    },
  };
}

const weekendHidden = (first, taken) => [[6, 5], [0, 6]].filter(([, offset]) => !taken.has(addDays(first, offset))).map(([number]) => number);

export function WeekCalendar({ first, today, zone, blocks, openings, selected, refused, mayChange, onOpen, onMove, onDraw }) {
  const t = useT();
  const [from, until] = hoursOf(blocks, openings);
  const taken = new Set([...blocks.map((one) => one.start.slice(0, 10)), ...openings.map((one) => one.local_start.slice(0, 10)), today]);
  const hidden = weekendHidden(first, taken);
  const { now, props } = useShared(first, hidden, from, until, zone);
  const events = useMemo(() => {
    const shown = blocks.map((block) => ({ id: block.id, start: `${block.start}:00Z`, end: `${block.end}:00Z`, editable: mayChange && block.mine && canMove(block, now), extendedProps: { block }, classNames: ["fev"] }));
    const closed = Array.from({ length: 7 }, (_, n) => addDays(first, n)).flatMap((day) =>
      closedOf(openings, day, from * 60, until * 60).map(([start, end]) => ({ id: `off${day}${start}`, start: `${wallOf(day, start)}:00Z`, end: `${wallOf(day, end)}:00Z`, display: "background" })));
    return [...shown, ...closed];
  }, [blocks, openings, refused, mayChange, first, now.slice(0, 15)]);
  const send = ({ event }) => onMove(event.id, wall(event.start), reached({ event }), event.extendedProps.block.practitioner_id, event.extendedProps.block.sequence);
  return (
    <div className="fcw hide-s" role="region" aria-label={t("Week")}>
      <FullCalendar {...props} events={events}
        dayHeaderContent={({ date }) => <Head day={date.toISOString().slice(0, 10)} today={today} />}
        eventContent={({ event, timeText, isDragging, isResizing }) => {
          const block = event.extendedProps.block;
          if (!block) return null;
          const at = isDragging || isResizing ? { ...block, start: wall(event.start), end: wall(event.end) } : block;
          return <span className={`ev ${looksOf(at, now)} ${selected === block.id ? "sel" : ""}`} title={spoken(t, at)}><EventBody block={at} /></span>;
        }}
        eventDidMount={({ el, event }) => { if (event.extendedProps.block) { el.setAttribute("role", "button"); el.setAttribute("data-id", event.id); } }}
        eventClick={({ event }) => event.extendedProps.block && onOpen(event.id)} eventDrop={send} eventResize={send}
        dateClick={({ date }) => mayChange && onDraw(wall(date), "")} />
    </div>
  );
}

// Open hours painted on the week: drawn, dragged and stretched; nothing is kept before the drawer's button.
export function HoursCalendar({ first, today, zone, blocks, taken, typical, draft, mayChange, onPick, onDraw, onAppointment }) {
  const t = useT();
  const walls = [...blocks, ...taken].filter((one) => one.kind !== "holiday" && !(one.kind === "closed" && one.local_start.endsWith("00:00"))).map((one) => ({ start: one.local_start, end: one.local_end }));
  const [from, until] = hoursOf(walls, []);
  const { now, props } = useShared(first, [], from, until, zone);
  const events = useMemo(() => {
    const hours = blocks.filter((one) => !draft.was || `${one.local_start} ${one.local_end}` !== draft.was).map((one) => {
      const off = one.kind === "closed" || one.kind === "holiday";
      return { id: one.id, start: `${one.local_start}:00Z`, end: `${one.local_end}:00Z`, display: off ? "background" : "auto", extendedProps: { hours: one }, classNames: ["fev"], editable: mayChange && !off };
    });
    const marks = taken.map((one) => ({ id: one.id, start: `${one.local_start}:00Z`, end: `${one.local_end}:00Z`, display: "background", extendedProps: { taken: one }, classNames: ["is-taken"] }));
    const mine = draft.start ? [{ id: "draft", start: `${draft.start}:00Z`, end: `${draft.end}:00Z`, extendedProps: { hours: { ...draft, kind: "draft" } }, classNames: ["fev"], editable: mayChange }] : [];
    return [...hours, ...marks, ...mine];
  }, [blocks, taken, draft, mayChange]);
  const changed = ({ event }) => {
    const one = event.extendedProps.hours;
    onPick(one.kind === "draft" ? draft.was : `${one.local_start} ${one.local_end}`, wall(event.start), wall(event.end), one.kind === "draft" ? draft.kind_was : one.kind);
  };
  return (
    <div className="fcw painted" role="region" aria-label={t("Open hours")}>
      <FullCalendar {...props} nowIndicator={!typical} events={events} selectable={mayChange} selectMirror eventResizableFromStart
        dayHeaderContent={({ date }) => { const day = date.toISOString().slice(0, 10); return typical ? <span className="b">{weekday(t, day, "long")}</span> : <Head day={day} today={today} />; }}
        eventContent={({ event }) => <Hours event={event} typical={typical} />}
        eventDidMount={({ el, event }) => event.extendedProps.hours && el.setAttribute("role", "button")}
        eventClick={({ event }) => { const one = event.extendedProps.hours; if (one && one.kind !== "draft") onPick(`${one.local_start} ${one.local_end}`, one.local_start, one.local_end, one.kind); else if (event.extendedProps.taken) onAppointment(event.id); }}
        eventDrop={changed} eventResize={changed}
        select={({ start, end, view }) => { onDraw(wall(start), wall(end)); view.calendar.unselect(); }} />
    </div>
  );
}

function Hours({ event }) {
  const t = useT();
  const { hours, taken } = event.extendedProps;
  if (taken) return <span className={`ghost ${taken.outside ? "out" : ""}`} style={{ "--cat": "var(--accent-text)" }}>{taken.patient}</span>;
  if (!hours) return null;
  if (hours.kind === "holiday" || hours.kind === "closed") return <span className="off-t">{hours.label || t("Absence")}</span>;
  const [start, end] = [event.start, event.end].map((one) => (one ? wall(one).slice(11) : ""));
  const looks = { extra: "extra", draft: "sel" }[hours.kind] ?? "";
  return (
    <span className={`open ${looks}`}>
      <span className="num">{t("{start} – {end}", { start, end })}</span>
      {hours.kind === "extra" && <span className="i2">{t("This day only")}</span>}
      {hours.modes?.length > 0 && <span className="i2">{hours.modes.map((mode) => t(MODE[mode])).join(t(", "))}</span>}
    </span>
  );
}
const MODE = { in_person: "At the practice", video: "Video", phone: "Phone" };
