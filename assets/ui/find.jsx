// The search box: who or what, where, when. Suggestions come from the server while one types; the address takes the answer.
import "../css/find.css";
import { useEffect, useId, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const glyphs = { speciality: "stethoscope", city: "map-pin", practitioner: "user-round" };

function Field({ field, label, icon, big, name, value, placeholder, options, asked, onType, onPick }) {
  const t = useT();
  const id = useId();
  const input = useRef(null);
  const timer = useRef();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => { if (input.current && document.activeElement !== input.current) input.current.value = value; }, [value]);
  const shown = open && asked === field ? options : [];
  const ask = (text) => { clearTimeout(timer.current); timer.current = setTimeout(() => onType(field, text, t.locale), 120); };
  const pick = (option) => { setOpen(false); setAt(-1); input.current.value = option.label; onPick(option); };
  const press = (event) => {
    if (event.key === "Escape") return setOpen(false);
    if (event.key === "Enter" && open && shown[at]) { event.preventDefault(); return pick(shown[at]); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !shown.length) return;
    event.preventDefault();
    setAt((at + step + shown.length) % shown.length);
  };
  return (
    <div className="seek-f" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <label>
        {big ? <span>{label}</span> : <Icon name={icon} size="sm" className="i3" />}
        <input
          ref={input} name={name} defaultValue={value} placeholder={placeholder ?? label} aria-label={label} autoComplete="off" role="combobox" aria-autocomplete="list"
          aria-expanded={shown.length > 0} aria-controls={id} aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
          onFocus={(event) => { setOpen(true); ask(event.target.value); }} onChange={(event) => { setOpen(true); setAt(-1); ask(event.target.value); }} onKeyDown={press}
        />
      </label>
      <ul id={id} role="listbox" aria-label={label} className="seek-l" hidden={!shown.length}>
        {shown.map((option, place) => (
          <li key={option.kind + option.code} id={`${id}-${place}`} role="option" aria-selected={place === at} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(option)}>
            <Icon name={glyphs[option.kind]} size="sm" /><bdi>{option.label}</bdi>{option.kind !== "practitioner" && <small className="num">{t.number(option.weight)}</small>}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Find({ big, what = "", options, asked, onType }) {
  const t = useT();
  const navigate = useNavigate();
  const form = useRef(null);
  const chosen = useRef({});
  const [params] = useSearchParams();
  const speciality = params.get("speciality") ?? "";
  const typed = params.get("q") || (speciality && what ? t(what) : "");
  const city = params.get("city") ?? "";
  const shownCity = city && t(city);  // the address names it in English, the field as the reader does
  const go = (event) => {
    event?.preventDefault();
    const next = new URLSearchParams(location.pathname === "/search" ? location.search : "");
    const data = new FormData(form.current);
    const [text, place, when] = ["q", "city", "when"].map((name) => (data.get(name) ?? "").trim());
    const kept = text && text === typed ? speciality : "";
    const code = chosen.current.what?.label === text ? chosen.current.what.code : kept;
    const town = chosen.current.where?.label === place ? chosen.current.where.code : place === shownCity ? city : place;
    const said = { q: code ? "" : text, speciality: code, city: town, when, page: "" };
    if (town !== city) Object.assign(said, { lat: "", lng: "", radius: "", sort: next.get("sort") === "distance" ? "" : next.get("sort") ?? "" });
    for (const [name, value] of Object.entries(said)) value ? next.set(name, value) : next.delete(name);
    navigate(`/search?${next}`);
  };
  const pick = (option) => {
    if (option.kind === "practitioner") return navigate(option.href);
    chosen.current[option.kind === "city" ? "where" : "what"] = option;
    if (!big) go();
  };
  const shared = { big, options, asked, onType, onPick: pick };
  return (
    <form ref={form} className={big ? "bigseek" : "seek"} role="search" aria-label={t("Find a practitioner")} action="/search" method="get" onSubmit={go}>
      <Field {...shared} field="what" name="q" icon="search" label={t("Who or what")} placeholder={t("Psychologist, back pain, a name…")} value={typed} />
      <Field {...shared} field="where" name="city" icon="map-pin" label={t("Where")} placeholder={t("City")} value={shownCity} />
      <div className="seek-f">
        <label>
          {big ? <span>{t("When")}</span> : <Icon name="calendar" size="sm" className="i3" />}
          <select name="when" key={params.get("when") ?? ""} defaultValue={params.get("when") ?? ""} aria-label={t("When")}>
            <option value="">{t("Any time")}</option><option value="today">{t("Today")}</option><option value="week">{t("This week")}</option>
          </select>
        </label>
      </div>
      <button type="submit" className={`btn btn-p ${big ? "btn-lg" : "btn-icon btn-sm"}`} aria-label={t("Search")}><Icon name="search" />{big && <span>{t("Search")}</span>}</button>
    </form>
  );
}
