// What every drawing of the agenda shares: the present, the looks of an appointment, lanes, walls of time.
import { useEffect, useState } from "react";
import { TAGS, useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

export const minuteOf = (wall) => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
// An end at midnight is the end of the day before, not its beginning.
export const endOf = (start, end) => (end.slice(0, 10) > start.slice(0, 10) ? 1440 : minuteOf(end));
export const clockOf = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
export const wallOf = (day, minute) => (minute >= 1440 ? `${addDays(day, 1)}T00:00` : `${day}T${clockOf(minute)}`);
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00Z`) + n * 86400000).toISOString().slice(0, 10);
export const mondayOf = (day) => addDays(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));

const wallIn = (zone) => {
  try { return new Date().toLocaleString("sv-SE", { timeZone: zone }).slice(0, 16).replace(" ", "T"); } catch { return new Date().toISOString().slice(0, 16); }
};
export function useNow(zone) {
  const [now, setNow] = useState(() => wallIn(zone));
  useEffect(() => {
    setNow(wallIn(zone));
    const timer = setInterval(() => setNow(wallIn(zone)), 15000);
    return () => clearInterval(timer);
  }, [zone]);
  return now;
}

export function useNarrow() {
  const query = "(max-width: 640px)";
  const [narrow, setNarrow] = useState(() => typeof matchMedia !== "undefined" && matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = () => setNarrow(media.matches);
    look();
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, []);
  return narrow;
}

const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
export const weekday = (t, day, style = "short") => capital(new Intl.DateTimeFormat(TAGS[t.locale], { weekday: style, timeZone: "UTC" }).format(new Date(`${day}T12:00Z`)));
export function titleOf(t, view, first, last) {
  const at = (day) => new Date(`${day}T12:00Z`);
  if (view === "month") return capital(new Intl.DateTimeFormat(TAGS[t.locale], { month: "long", year: "numeric", timeZone: "UTC" }).format(at(first)));
  if (first === last) return capital(new Intl.DateTimeFormat(TAGS[t.locale], { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at(first)));
  return new Intl.DateTimeFormat(TAGS[t.locale], { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).formatRange(at(first), at(last));
}
export const length = (t, minutes) => (minutes % 60 ? t("{h} h {m}", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") }) : t("{h} h", { h: minutes / 60 }));

export function looksOf(block, now) {
  const looks = [`cat-${block.colour}`];
  if (["cancelled", "declined", "noshow"].includes(block.status)) looks.push("gone");
  if (block.end <= now || ["fulfilled", "cancelled", "declined", "noshow"].includes(block.status)) looks.push("done");
  else if (["pending", "proposed"].includes(block.status)) looks.push("pend");
  if (endOf(block.start, block.end) - minuteOf(block.start) < 40) looks.push("line");
  return looks.join(" ");
}
export const canMove = (block, now) => ["pending", "proposed", "booked"].includes(block.status) && block.end > now;

const short = (name) => { const [first, ...rest] = name.split(" "); return rest.length ? `${first.charAt(0)}. ${rest.join(" ")}` : name; };
const MODES = { video: "video", phone: "phone" };
const STATES = { arrived: "circle-dot", noshow: "user-x" };

export function EventBody({ block }) {
  const t = useT();
  const icon = STATES[block.status] ?? MODES[block.mode];
  return (
    <>
      <bdi className="nm"><span className="nm-l">{block.patient}</span><span className="nm-s">{short(block.patient)}</span></bdi>
      <span className="tm num">{block.start.slice(11)}{icon && <Icon name={icon} />}<bdi className="mt clip">{serviceOf(t, block)}</bdi></span>
      <span className="sr">{t(STATUS[block.status])}</span>
    </>
  );
}
export const STATUS = { pending: "Waiting for an answer", proposed: "Other times proposed", booked: "Confirmed", arrived: "Arrived", fulfilled: "Done", noshow: "No-show", cancelled: "Cancelled", declined: "Refused" };

export const serviceOf = (t, one) => one.service_names?.[t.locale] || one.service;
export const spoken = (t, block) => `${block.start.slice(11)} ${block.patient}, ${serviceOf(t, block)}, ${t(STATUS[block.status])}`;

// Overlapping blocks stand side by side; groups that do not touch do not narrow each other.
export function lanes(blocks) {
  const sorted = [...blocks].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.end > b.end ? -1 : 1));
  const placed = [];
  let group = [], until = "";
  const close = () => { const count = Math.max(0, ...group.map((one) => one.lane + 1)); group.forEach((one) => placed.push({ ...one, count })); group = []; };
  for (const block of sorted) {
    if (group.length && block.start >= until) { close(); until = ""; }
    const busy = new Set(group.filter((one) => one.block.end > block.start).map((one) => one.lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    group.push({ block, lane });
    if (block.end > until) until = block.end;
  }
  close();
  return placed;
}

// The hours that are drawn: open ones and whatever lies outside them.
export function hoursOf(blocks, openings) {
  let from = 8 * 60, until = 19 * 60;
  for (const one of blocks) { from = Math.min(from, minuteOf(one.start)); until = Math.max(until, endOf(one.start, one.end)); }
  for (const one of openings) { from = Math.min(from, minuteOf(one.local_start)); until = Math.max(until, endOf(one.local_start, one.local_end)); }
  return [Math.floor(from / 60), Math.ceil(until / 60)];
}

// What is closed on a day between two minutes, for someone or for all of the people shown.
export function closedOf(openings, day, from, until) {
  const open = openings.filter((one) => one.local_start.startsWith(day)).map((one) => [minuteOf(one.local_start), endOf(one.local_start, one.local_end)]).sort((a, b) => a[0] - b[0]);
  const closed = [];
  let at = from;
  for (const [start, end] of open) {
    if (start > at) closed.push([at, Math.min(start, until)]);
    at = Math.max(at, end);
  }
  if (at < until) closed.push([at, until]);
  return closed.filter(([start, end]) => end - start >= 5);
}
