import "../css/entering.css";
import { useEffect, useState } from "react";
import { useT } from "$/public/i18n.js";

const FIRST = 8, TOP = 0.65;  // the first hour that is written, and how far it stands from the top
const place = (hour) => hour - FIRST + TOP;
const KINDS = { busy: "", open: "o num", shut: "z", freed: "f", held: "y" };

export function DayArt({ columns }) {
  const [now, setNow] = useState(null);
  useEffect(() => {
    const tick = () => setNow(new Date());
    tick();
    const timer = setInterval(tick, 60000);
    return () => clearInterval(timer);
  }, []);
  const hour = now ? now.getHours() + now.getMinutes() / 60 : null;
  const today = !columns.some((column) => column.label);
  const shown = hour !== null && hour >= 7.5 && hour <= 19;
  return (
    <div className="dayart" style={{ "--n": columns.length }} aria-hidden="true">
      <div className="g">{Array.from({ length: 12 }, (_, i) => <span key={i} className="num" style={{ "--i": i + TOP }}>{String(FIRST + i).padStart(2, "0")}:00</span>)}</div>
      {columns.map((column, at) => (
        <div key={at} className="c">
          {column.label && <p className="d" style={{ "--a": 0.06, "--b": 0.4 }}><span className="i3">{column.label}</span></p>}
          {column.blocks.map((block, i) => {
            const past = today && hour !== null && block.at + block.hours <= hour;
            return <p key={i} className={`${column.cat ? `cat-${column.cat}` : ""} ${KINDS[block.kind]} ${past ? "past" : ""}`} style={{ "--a": place(block.at), "--b": block.hours }}>{block.text}</p>;
          })}
        </div>
      ))}
      {today && shown && <><div className="nowline" style={{ "--a": place(hour) }} /><span className="nowtime num" style={{ "--a": place(hour) }}>{String(now.getHours()).padStart(2, "0")}:{String(now.getMinutes()).padStart(2, "0")}</span></>}
    </div>
  );
}

export function Countdown({ until, onEnd }) {
  const t = useT();
  const [left, setLeft] = useState(null);
  useEffect(() => {
    if (!until) return;
    let timer;
    const tick = () => {
      const seconds = Math.max(0, Math.round((new Date(until) - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds === 0) { clearInterval(timer); onEnd?.(); }
    };
    timer = setInterval(tick, 1000);
    tick();
    return () => clearInterval(timer);
  }, [until]);
  if (left === null) return null;
  const parts = { m: Math.floor(left / 60), s: String(left % 60).padStart(2, "0") };
  return <span className="num" role="timer">{parts.m ? t("{m} min {s}", parts) : t("{s} s", parts)}</span>;
}
