// ⌘K: pages and actions from the menu, people and documents from the server, all by keyboard.
import "../css/overlay.css";
import { Dialog as Base } from "@base-ui/react/dialog";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { STATUS, serviceOf } from "./agenda_parts.jsx";
import { Icon } from "./icon.jsx";

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u0652]/g, "").toLowerCase();

function Matched({ text, query }) {
  const at = query ? plain(text).indexOf(plain(query)) : -1;
  if (at < 0) return <bdi>{text}</bdi>;
  return <bdi>{text.slice(0, at)}<mark>{text.slice(at, at + query.length)}</mark>{text.slice(at + query.length)}</bdi>;
}

function Option({ id, entry, query, on, choose, point }) {
  const t = useT();
  return (
    <div id={id} role="option" aria-selected={on} className={`menu-i ${on ? "is-on" : ""}`} onClick={choose} onMouseMove={point}>
      {entry.initials ? <span className={`av ${entry.cat ? `cat-${entry.cat}` : ""}`} style={{ "--z": "1.75rem" }} aria-hidden="true">{entry.initials}</span> : <Icon name={entry.icon || "arrow-right"} />}
      <span className="clip"><Matched text={entry.label} query={query} /> {entry.at && <span className="i3 num">{t.date(entry.at)}</span>} {entry.note && <span className="i3">{entry.note}</span>}</span>
      {on && <kbd className="kbd end" aria-hidden="true">↵</kbd>}
    </div>
  );
}

const WITH = 3; // people whose new appointment is offered
const MARKS = { "@": "people", ">": "actions", "#": "appointments" };

function Hints() {
  const t = useT();
  const said = { people: t("people"), actions: t("actions"), appointments: t("appointments") };
  return <span className="row g-1h t-xs i3 hide-s">{Object.entries(MARKS).map(([mark, what]) => <span key={mark} className="row g-1h"><kbd className="kbd">{mark}</kbd>{said[what]}</span>)}</span>;
}

// Whom the pointed line is about. Without anyone, how to find what.
function Pane({ person, shown }) {
  const t = useT();
  if (!person) return <aside className="pal-d" aria-label={t("Preview")}><p className="i3 read">{t("Type a name or a date. @ finds people only, > what can be done, # appointments by name or by date.")}</p></aside>;
  if (shown?.id !== person) return <aside className="pal-d" aria-label={t("Preview")} aria-busy="true"><span className="sk h-9" /><span className="sk h-4" /><span className="sk h-4" /></aside>;
  const day = (iso) => t.date(iso.slice(0, 10), { style: "date" });
  const facts = [
    [t("Next"), shown.next_visit && t.date(shown.next_visit)],
    [t("Last visit"), shown.last_visit && day(shown.last_visit)],
    [t("Visits"), t.number(shown.visits)],
    [t("Phone"), shown.phone && <bdi className="ltr">{shown.phone}</bdi>],
  ].filter(([, value]) => value);
  return (
    <aside className="pal-d" aria-label={t("Preview")}>
      <div className="col g-1"><p className="b t-md"><bdi>{shown.name}</bdi></p><p className="t-xs i3">{t("Known since {day}", { day: day(shown.created_at) })}</p></div>
      <dl className="pal-facts">{facts.map(([label, value]) => <div key={label}><dt className="i3">{label}</dt><dd className="m">{value}</dd></div>)}</dl>
      {shown.latest.length > 0 && (
        <section className="pal-latest col g-1h"><h3 className="t-xs">{t("Latest appointments")}</h3>
          <ul className="col g-1h t-xs">{shown.latest.map((one) => <li key={one.id}><span className="m num">{t.date(one.local_start.slice(0, 10), { style: "day" })}</span> <bdi>{serviceOf(t, one)}</bdi> <span className="i3">{t(STATUS[one.status])}</span></li>)}</ul>
        </section>
      )}
    </aside>
  );
}

const isMac = () => typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

export function CommandPalette({ pages, actions, permissions, found, asked, shown, onSearch, onGlance }) {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  const { tenant } = useParams();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef(null);
  const timer = useRef();
  const [keys, setKeys] = useState("Ctrl K");
  useEffect(() => {
    if (isMac()) setKeys("⌘K");
    const press = (event) => { if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); setOpen((shown) => !shown); } };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  const groups = useMemo(() => {
    const text = query.trim();
    const mark = text[0] in MARKS ? text[0] : "";
    const words = text.slice(mark.length).trim();
    const mine = (entries) => entries.filter((entry) => entry.permission.split("|").some((name) => permissions.includes(name)) && plain(entry.label).includes(plain(words)));
    const come = asked === text && text ? found : [];
    const may = (...names) => names.some((name) => permissions.includes(name));
    const people = may("booking.manage", "agenda.own") ? come.filter((entry) => entry.person && entry.initials).slice(0, WITH) : [];
    const booked = people.map((entry) => ({ label: t("New appointment with {name}", { name: entry.text }), to: `agenda?new=1&patient=${entry.person}`, icon: "calendar-plus", person: entry.person }));
    const server = mark === ">" ? [] : Object.entries(Object.groupBy(come, (entry) => entry.group)).map(([group, entries]) => [t(group), entries.map((entry) => ({ ...entry, label: entry.text, to: entry.href, note: entry.note && t(entry.note) }))]);
    const own = mark === "" || mark === ">" ? [[t("Act"), [...booked, ...mine(actions)]], [t("Pages"), mine(pages)]] : [];
    return [...server, ...own].filter(([, entries]) => entries.length);
  }, [query, found, asked, pages, actions, permissions, t]);
  const flat = groups.flatMap(([, entries]) => entries);

  useEffect(() => setAt(0), [query, asked]);
  useEffect(() => { list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [at]);
  const person = (permissions.includes("patients.read") && flat[at]?.person) || "";
  useEffect(() => {
    if (!open || !person || shown?.id === person) return;
    const soon = setTimeout(() => onGlance(person), 120);
    return () => clearTimeout(soon);
  }, [open, person, shown?.id]);
  const sought = query.trim().replace(/^[@>#]\s*/, "");
  const change = (event) => {
    const text = event.target.value;
    setQuery(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(text), 150);
  };
  const choose = (entry) => {
    if (!entry) return;
    setOpen(false);
    setQuery("");
    navigate(entry.to.startsWith("/") ? entry.to : `/w/${tenant}/${entry.to}`);
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); setAt((now) => (now + step + flat.length) % Math.max(flat.length, 1)); }
    if (event.key === "Enter") { event.preventDefault(); choose(flat[at]); }
  };

  let row = -1;
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      <Base.Trigger className="cmd" aria-keyshortcuts="Meta+K Control+K"><Icon name="search" size="sm" /><span className="hide-s">{t("Search or act")}</span><kbd className="kbd ltr">{keys}</kbd></Base.Trigger>
      <Base.Trigger className="btn btn-q btn-icon only-s" aria-label={t("Search or act")}><Icon name="search" /></Base.Trigger>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Viewport className="viewport pal-v" data-density="compact">
          <Base.Popup className={permissions.includes("patients.read") ? "pal" : "pal pal-1"} aria-label={t("Search or act")}>
            <div className="pal-q">
              <Icon name="search" className="i3" />
              <input autoFocus aria-label={t("Search or act")} placeholder={t("Search or act")} role="combobox" aria-expanded="true" aria-controls={id} aria-activedescendant={flat.length ? `${id}-${at}` : undefined} autoComplete="off" value={query} onChange={change} onKeyDown={press} />
              <Hints />
              <Base.Close className="btn btn-q btn-sm">{t("Esc")}</Base.Close>
            </div>
            <div className="pal-b">
            <div className="col min-h-0">
            <div ref={list} id={id} role="listbox" aria-label={t("Results")} className="pal-l" tabIndex={-1}>
              {groups.map(([name, entries]) => (
                <div key={name} role="group" aria-label={name}>
                  <p className="nav-t" aria-hidden="true">{name}</p>
                  {entries.map((entry) => { row += 1; const mine = row; return <Option key={`${entry.group}${entry.to}${entry.label}`} id={`${id}-${mine}`} entry={entry} query={sought} on={mine === at} choose={() => choose(entry)} point={() => setAt(mine)} />; })}
                </div>
              ))}
            </div>
            {!flat.length && <p className="state">{t("Nothing found")}</p>}
            </div>
            {permissions.includes("patients.read") && <Pane person={person} shown={shown} />}
            </div>
            <div className="pal-f"><span><kbd className="kbd">↑</kbd><kbd className="kbd">↓</kbd>{t("choose")}</span><span><kbd className="kbd">↵</kbd>{t("open")}</span><span><kbd className="kbd">{t("Esc")}</kbd>{t("close")}</span><span className="end num" role="status">{t.n("{n} result", "{n} results", flat.length)}</span></div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
