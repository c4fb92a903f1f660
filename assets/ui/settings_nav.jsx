// The sections of the settings on a phone. The one that is open is chosen; choosing another opens it.
import { useLocation, useNavigate, useParams } from "react-router";
import { useT } from "$/public/i18n.js";

export function SectionSelect({ groups, permissions }) {
  const t = useT();
  const { tenant } = useParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const open = pathname.replace(`/w/${tenant}/`, "").replace(/\/$/, "");
  const shown = groups.map((group) => ({ ...group, sections: group.sections.filter((one) => one.permission.split("|").some((name) => permissions.includes(name))) })).filter((group) => group.sections.length);
  const here = shown.flatMap((group) => group.sections).find((one) => open === one.to || open.startsWith(`${one.to}/`));
  return (
    <div className="sjump">
      <select aria-label={t("Section of the settings")} className="input" value={here?.to ?? ""} onChange={(event) => navigate(`/w/${tenant}/${event.target.value}`)}>
        {!here && <option value="" />}
        {shown.map((group) => <optgroup key={group.label} label={group.label}>{group.sections.map((one) => <option key={one.to} value={one.to}>{one.label}</option>)}</optgroup>)}
      </select>
    </div>
  );
}
