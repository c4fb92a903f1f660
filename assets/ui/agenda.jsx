// The agenda's page: its bar and whichever drawing the address asks for. A phone gets one day, one person.
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { addDays, mondayOf, titleOf, useNarrow, weekday } from "./agenda_parts.jsx";
import { WeekCalendar } from "./calendar.jsx";
import { Month } from "./month.jsx";
import { ResourceDay } from "./resource_day.jsx";

function useAddress() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  return (change) => {
    const next = new URLSearchParams(params);
    next.delete("open");
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
    navigate(`?${next}`, { preventScrollReset: true });
  };
}

const VIEWS = [["day", "Day"], ["week", "Week"], ["month", "Month"]];
export function AgendaViews() {
  const t = useT();
  const [params] = useSearchParams();
  const go = useAddress();
  const now = VIEWS.some(([code]) => code === params.get("view")) ? params.get("view") : "week";
  return (
    <span className="seg" role="group" aria-label={t("View")} style={{ "--ctl": "1.75rem" }}>
      {VIEWS.map(([code, label]) => <button key={code} type="button" aria-pressed={now === code} onClick={() => go({ view: code })}>{t(label)}</button>)}
    </span>
  );
}

const jump = (view, day, way) => {
  if (view === "month") { const at = new Date(`${day.slice(0, 7)}-15T00:00Z`); at.setUTCMonth(at.getUTCMonth() + way); return `${at.toISOString().slice(0, 7)}-01`; }
  return addDays(day, way * (view === "week" ? 7 : 1));
};

function Chips({ people, go }) {
  const t = useT();
  const shown = people.filter((one) => one.shown).map((one) => one.id);
  const toggle = (id) => {
    const next = shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id];
    go({ who: next.join(",") });
  };
  const order = [...people].sort((a, b) => Number(b.shown) - Number(a.shown));
  const few = order.slice(0, Math.max(2, Math.min(4, shown.length))), rest = order.slice(few.length);
  const chip = (person) => (
    <button key={person.id} type="button" className={`chip cat-${person.colour}`} aria-pressed={person.shown} onClick={() => toggle(person.id)}><span className="dot dot-cat" aria-hidden="true" /><bdi>{person.name}</bdi></button>
  );
  if (people.length < 2) return null;
  return (
    <span className="row hide-s" style={{ gap: ".375rem" }}>
      {few.map(chip)}
      {rest.length > 0 && (
        <details className="dropper">
          <summary className="chip" aria-label={t("More people")}><Icon name="plus" size="sm" /><span className="num">{rest.length}</span></summary>
          <div className="menu drop col g-1">{rest.map(chip)}</div>
        </details>
      )}
    </span>
  );
}

function Bar({ view, day, title, people, withGone, today, go }) {
  const t = useT();
  const { tenant } = useParams();
  const gone = withGone ? t("Hide cancelled") : t("Show cancelled");
  const step = view === "month" ? [t("Previous month"), t("Next month")] : view === "week" ? [t("Previous week"), t("Next week")] : [t("Previous day"), t("Next day")];
  return (
    <div className="row wrap agenda-bar">
      <span className="group">
        <button type="button" className="btn btn-s btn-icon btn-sm" aria-label={step[0]} title={step[0]} onClick={() => go({ date: jump(view, day, -1) })}><Icon name="chevron-left" /></button>
        <button type="button" className="btn btn-s btn-sm" onClick={() => go({ date: today })}>{t("Today")}</button>
        <button type="button" className="btn btn-s btn-icon btn-sm" aria-label={step[1]} title={step[1]} onClick={() => go({ date: jump(view, day, 1) })}><Icon name="chevron-right" /></button>
      </span>
      <h2 className="t-md nowrap" style={{ marginInline: ".375rem" }} aria-live="polite">{title}</h2>
      <Chips people={people} go={go} />
      <span className="end row hide-s">
        <button type="button" className="btn btn-q btn-sm btn-icon" aria-pressed={withGone} aria-label={gone} title={gone} onClick={() => go({ gone: withGone ? "" : "1" })}><Icon name={withGone ? "eye-off" : "eye"} /></button>
        <Link to={`/w/${tenant}/availability`} className="btn btn-q btn-sm btn-icon" aria-label={t("Open hours")} title={t("Open hours")}><Icon name="calendar-clock" /></Link>
      </span>
    </div>
  );
}

function Phone({ day, today, people, go, ...rest }) {
  const t = useT();
  const [who, setWho] = useState("");
  const monday = mondayOf(day);
  const one = people.find((person) => person.id === who) ?? people[0];
  const mine = (list) => list.filter((item) => item.practitioner_id === one?.id);
  return (
    <div className="col grow min-h-0">
      <div className="mweek">
        {Array.from({ length: 7 }, (_, n) => addDays(monday, n)).map((at) => (
          <button key={at} type="button" className={`mday ${at === day ? "on" : ""} ${at === today ? "today" : ""}`} aria-current={at === day ? "date" : undefined} onClick={() => go({ date: at })}><span>{weekday(t, at)}</span><b className="num">{Number(at.slice(8))}</b></button>
        ))}
      </div>
      {people.length > 1 && (
        <div className="views" style={{ gap: ".375rem", padding: ".5rem var(--s-4)" }}>
          {people.map((person) => <button key={person.id} type="button" className={`chip cat-${person.colour}`} aria-pressed={person.id === one?.id} onClick={() => setWho(person.id)}><span className="dot dot-cat" aria-hidden="true" /><bdi>{person.name.split(" ").slice(-2)[0]}</bdi></button>)}
        </div>
      )}
      <ResourceDay {...rest} day={day} people={one ? [one] : []} heads={false} blocks={mine(rest.blocks).filter((item) => item.start.startsWith(day))} openings={mine(rest.openings).filter((item) => item.local_start.startsWith(day))} />
    </div>
  );
}

export function AgendaPage({ view, day, first, today, zone, people, blocks, openings, month, withGone, selected, refused, mayChange, onOpen, onMove, onDraw }) {
  const t = useT();
  const go = useAddress();
  const narrow = useNarrow();
  const shown = people.filter((one) => one.shown);
  const last = view === "week" ? addDays(first, narrow ? 6 : 4) : day;
  const title = titleOf(t, view, view === "week" ? first : day, last);
  const shared = { today, zone, blocks, openings, selected, refused, mayChange, onOpen, onMove, onDraw };
  const drawing = view === "month"
    ? <Month days={month} shownMonth={day.slice(0, 7)} zone={zone} people={shown} onDay={(at) => go({ view: "day", date: at })} />
    : narrow ? <Phone {...shared} day={day} people={shown} go={go} />
    : view === "day" ? <ResourceDay {...shared} day={day} people={shown} /> : <WeekCalendar {...shared} first={first} />;
  return (
    <div className="col grow min-h-0 min-w-0">
      <Bar view={view} day={day} title={title} people={people} withGone={withGone} today={today} go={go} />
      {drawing}
    </div>
  );
}

// The undo of a drag: leaves by itself, unless pointed at.
export function UndoNote({ text, onUndo, onGone }) {
  const t = useT();
  return (
    <section className="toasts" aria-label={t("Last change")}>
      <div key={text} className="toast is-success" role="status" onAnimationEnd={(event) => event.animationName === "kit-leave" && onGone()}>
        <Icon name="check" /><p className="grow">{text}</p><button type="button" className="btn btn-sm" onClick={onUndo}>{t("Undo")}</button>
      </div>
    </section>
  );
}
