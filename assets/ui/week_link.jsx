import { useT } from "$/public/i18n.js";
import { addDays, titleOf } from "./agenda_parts.jsx";
import { Icon } from "./icon.jsx";
import { QueryLink } from "./query.jsx";

export const WeekLink = ({ way, first, label, glyph }) => <QueryLink change={{ date: first ? addDays(first, 7 * way) : null }} className="btn btn-s btn-icon btn-sm" aria-label={label} title={label}><Icon name={glyph} /></QueryLink>;

export function WeekTitle({ first }) {
  const t = useT();
  return first ? titleOf(t, "week", first, addDays(first, 6)) : null;
}
