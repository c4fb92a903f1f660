// Lanes of appointments. Cards move by mouse, by touch, by keyboard (space, arrows, space) or by the menu on each.
import { useEffect, useState } from "react";
import { DragDropContext, Draggable, Droppable } from "@hello-pangea/dnd";
import { useT } from "$/public/i18n.js";
import { STATUS, serviceOf } from "./agenda_parts.jsx";
import { Icon } from "./icon.jsx";

function Card({ card, place, lanes, mayChange, selected, onOpen, onMove }) {
  const t = useT();
  const open = (event) => { if (!event.target.closest("select")) onOpen(card.id); };
  return (
    <Draggable draggableId={card.id} index={place} isDragDisabled={!mayChange || !card.to.length}>
      {(held, state) => (
        <article ref={held.innerRef} tabIndex={0} {...held.draggableProps} {...held.dragHandleProps} role="group" aria-label={card.patient} onClick={open}
          onKeyDown={(event) => { held.dragHandleProps?.onKeyDown?.(event); if (event.key === "Enter") open(event); }}
          className={`kc ${state.isDragging ? "drag" : ""} ${selected === card.id ? "sel" : ""}`} data-id={card.id}>
          <div className="row between row-t">
            <div className="grow min-w-0"><h3 className="t-sm clip"><bdi>{card.patient}</bdi></h3><p className="t-xs i3 clip"><bdi>{serviceOf(t, card)}</bdi></p></div>
            <span className="t-xs i3 num"><bdi>{card.start.slice(11)}</bdi></span>
          </div>
          <p className="row g-1h t-xs i2"><Icon name={card.mode === "video" ? "video" : card.mode === "phone" ? "phone" : "calendar-days"} size="sm" /><span className="clip">{t.date(card.start.slice(0, 10), { style: "day" })}</span></p>
          <div className="row t-xs between">
            <span className={`row g-1h min-w-0 cat-${card.colour}`}><span className="dot dot-cat" aria-hidden="true" /><bdi className="clip i3">{card.practitioner}</bdi></span>
            {mayChange && card.to.length > 0 ? (
              <select className="pref t-xs" aria-label={t("Move {name} to", { name: card.patient })} value="" onChange={(event) => onMove(card.id, event.target.value)}>
                <option value="">{t("Move to")}</option>
                {lanes.filter((lane) => card.to.includes(lane.id)).map((lane) => <option key={lane.id} value={lane.id}>{lane.title}</option>)}
              </select>
            ) : <span className="i3">{t(STATUS[card.status])}</span>}
          </div>
        </article>
      )}
    </Draggable>
  );
}

export function Board({ lanes, cards, refused, mayChange, selected, onMove, onOpen }) {
  const t = useT();
  const [moved, setMoved] = useState({});
  useEffect(() => setMoved({}), [cards, refused]);
  const lane = (card) => moved[card.id] ?? card.lane;
  const end = ({ draggableId, destination, source }) => {
    if (!destination || destination.droppableId === source.droppableId) return;
    const card = cards.find((one) => one.id === draggableId);
    if (!card?.to.includes(destination.droppableId)) return;
    setMoved((now) => ({ ...now, [draggableId]: destination.droppableId }));
    onMove(draggableId, destination.droppableId);
  };
  return (
    <DragDropContext onDragEnd={end} dragHandleUsageInstructions={t("Press space to lift, the arrows to move, space to drop, escape to leave it.")}>
      <div className="board" tabIndex={0} role="region" aria-label={t("Board")}>
        {lanes.map((one) => {
          const mine = cards.filter((card) => lane(card) === one.id);
          return (
            <Droppable key={one.id} droppableId={one.id}>
              {(zone, state) => (
                <section className={`lane cat-${one.cat}`} aria-label={one.title} data-over={state.isDraggingOver || undefined}>
                  <div className="lane-h"><div className="row"><h2 className="t-sm">{one.title}</h2><span className="count num">{mine.length}</span></div></div>
                  <div className="lane-b" ref={zone.innerRef} {...zone.droppableProps}>
                    {mine.map((card, place) => <Card key={card.id} card={card} place={place} lanes={lanes} mayChange={mayChange} selected={selected} onOpen={onOpen} onMove={onMove} />)}
                    {zone.placeholder}
                    {mine.length === 0 && !state.isDraggingOver && <p className="t-xs i3 tc pad">{t("Nothing here")}</p>}
                  </div>
                </section>
              )}
            </Droppable>
          );
        })}
      </div>
    </DragDropContext>
  );
}
