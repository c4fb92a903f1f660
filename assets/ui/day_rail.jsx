// The strip under every workspace page: the day from 8 to 20, the coral mark at the minute.
import { Link, useParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { minuteOf as minute, useNow } from "./agenda_parts.jsx";

const EDGE = [480, 1200];
const part = (minute) => (100 * (Math.min(Math.max(minute, EDGE[0]), EDGE[1]) - EDGE[0])) / (EDGE[1] - EDGE[0]);
export function DayRail({ rail }) {
  const t = useT();
  const { tenant } = useParams();
  const now = useNow(rail.time_zone || "UTC");
  const x = part(minute(now));
  return (
    <section className="dayrail hide-s" aria-label={t("The day")}>
      <span className="dayrail-next"><Icon name="clock" />{rail.next_id
        ? <Link to={`/w/${tenant}/agenda?open=${rail.next_id}`}><b className="m">{t("Up next")}</b> <span className="num">{rail.next_start.slice(11)}</span> <bdi>{rail.next_patient}</bdi> <span className="i3">{t.date(rail.next_at, { style: "relative" })}</span></Link>
        : <span className="i3">{t("Nothing more today")}</span>}</span>
      <span className="dayrail-t" role="img" aria-label={t.n("{n} appointment today", "{n} appointments today", rail.count)}>
        {[8, 10, 12, 14, 16, 18].map((hour) => <span key={hour} className="h num" style={{ "--x": `${part(hour * 60)}%` }}>{String(hour).padStart(2, "0")}</span>)}
        {rail.blocks.map((one, place) => <span key={place} className={`e cat-${one.colour} ${one.local_end <= now ? "past" : ""}`} style={{ "--x": `${part(minute(one.local_start))}%`, "--w": `${part(minute(one.local_end)) - part(minute(one.local_start))}%`, "--h": one.share / 100 }} />)}
        {x > 0 && x < 100 && <span className="n" style={{ "--x": `${x}%` }}><b className="num">{now.slice(11)}</b></span>}
      </span>
    </section>
  );
}
