// The month: each day a small day rail, one line a practitioner on a shared axis from 8 to 20.
import { TAGS, useT } from "$/public/i18n.js";
import { addDays, length, minuteOf, useNow, weekday } from "./agenda_parts.jsx";

const AXIS = [480, 1200];
const x = (minute) => (120 * (Math.min(Math.max(minute, AXIS[0]), AXIS[1]) - AXIS[0])) / (AXIS[1] - AXIS[0]);

function Rail({ day, rows, now }) {
  const tall = Math.max(rows * 7, 7);
  return (
    <svg viewBox={`0 0 120 ${tall}`} preserveAspectRatio="none" fill="none" aria-hidden="true">
      {day.lines.map(([row, colour, start, end], place) => (
        <path key={place} className={`cat-${colour}`} d={`M${x(start)} ${row * 7 + 3.5}H${Math.max(x(start) + 1, x(end) - 1)}`} stroke="var(--cat)" strokeWidth="4.5" />
      ))}
      {now.startsWith(day.day) && <path d={`M${x(minuteOf(now))} 0V${tall}`} stroke="var(--now)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

export function Month({ days, shownMonth, zone, people, onDay }) {
  const t = useT();
  const now = useNow(zone);
  if (!days.length) return null;
  const head = Array.from({ length: 7 }, (_, n) => addDays(days[0].day, n));
  const long = (day) => new Intl.DateTimeFormat(TAGS[t.locale], { day: "numeric", month: day.endsWith("-01") ? "short" : undefined, timeZone: "UTC" }).format(new Date(`${day}T12:00Z`));
  return (
    <div className="col grow min-h-0" role="region" aria-label={t("Month")}>
      <div className="mon-h hide-s" aria-hidden="true">{head.map((day, n) => <span key={day}>{weekday(t, day, n < 5 ? "long" : "short")}</span>)}</div>
      <div className="mon">
        {days.map((day) => {
          const today = now.startsWith(day.day);
          const classes = ["mon-d", day.day.slice(0, 7) !== shownMonth && "out", day.day < now.slice(0, 10) && "past", !day.is_open && !day.count && "shut", today && "today"].filter(Boolean).join(" ");
          return (
            <button key={day.day} type="button" className={classes} onClick={() => onDay(day.day)}>
              <span className="row between"><b className="num">{long(day.day)}</b><span className="only-s i3">{weekday(t, day.day)}</span>{today && <span className="t-xs" style={{ color: "var(--now-text)" }}>{t("Today")}</span>}</span>
              {day.count > 0 ? <Rail day={day} rows={people.length} now={now} /> : <span className="grow" />}
              <span className="row wrap between num mon-f">
                {day.count > 0 && <span className="i3">{t.n("{n} appt", "{n} appts", day.count)}</span>}
                {day.day >= now.slice(0, 10) && day.is_open && (day.free_minutes > 0 ? <span className="acc m">{t("{length} free", { length: length(t, day.free_minutes - (day.free_minutes % 15)) })}</span> : <span className="warn-t">{t("full")}</span>)}
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}
