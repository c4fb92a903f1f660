// The lines of a quote or an invoice: typed here, sent as JSON in one hidden field. What adds up is the server's; a line's amount
// is shown as it is typed.
import "../css/lines.css";
import { useEffect, useRef, useState } from "react";
import { TAGS, useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const EMPTY = { description: "", detail: "", quantity: "1", unit: "", price: "", discount: "0", category: "standard" };
const read = (value) => { try { const found = JSON.parse(value || "[]"); return Array.isArray(found) ? found : []; } catch { return []; } };
const number = (typed) => Number(String(typed ?? "").replace(/\s/g, "").replace(",", "."));

let next = 0;
const keyed = (line) => ({ ...line, key: ++next });

export function LinesField({ name, value, rates, currency, categories, invalid }) {
  const t = useT();
  const usual = rates[0] ?? "0";
  const fresh = () => keyed({ ...EMPTY, rate: usual, category: number(usual) ? "standard" : "exempt_care" });
  const written = (line) => (t.locale === "fr" ? { ...line, ...Object.fromEntries(["quantity", "price", "discount"].map((one) => [one, String(line[one] ?? "").replace(".", ",")])) } : line);
  const [lines, setLines] = useState(() => { const found = read(value).map(written).map(keyed); return found.length ? found : [fresh()]; });
  const hidden = useRef(null), focus = useRef(0);
  const kept = lines.filter((one) => one.description || one.price).map(({ key, net, ...line }) => line);
  const said = JSON.stringify(kept);
  useEffect(() => { hidden.current.dispatchEvent(new Event("input", { bubbles: true })); }, [said]);
  useEffect(() => { if (focus.current) document.getElementById(`line-${focus.current}`)?.focus(); focus.current = 0; }, [lines.length]);
  const set = (key, change) => setLines((now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const add = () => { const made = fresh(); focus.current = made.key; setLines((now) => [...now, made]); };
  const drop = (key) => setLines((now) => now.filter((one) => one.key !== key));
  const move = (at, by) => setLines((now) => { const all = [...now], [one] = all.splice(at, 1); all.splice(at + by, 0, one); return all; });
  const amount = (line) => {
    const found = number(line.quantity || 1) * number(line.price) * (1 - number(line.discount) / 100);
    return Number.isFinite(found) && line.price !== "" ? new Intl.NumberFormat(TAGS[t.locale], { style: "currency", currency }).format(found) : "–";
  };
  const input = (line, field, label, more = {}) => (
    <input aria-label={label} className={`input ${more.wide ? "" : "te num"}`} value={line[field] ?? ""} inputMode={more.wide ? undefined : "decimal"} autoComplete="off" id={more.id}
      placeholder={more.placeholder} aria-invalid={more.wide && invalid ? true : undefined} onChange={(event) => set(line.key, { [field]: event.target.value })} />
  );
  const options = [...new Set([...rates, ...lines.map((one) => one.rate)])].filter((one) => one && number(one) > 0);
  const tax = (line) => (
    <select aria-label={t("VAT")} className="input" value={line.category === "standard" ? line.rate : line.category}
      onChange={(event) => set(line.key, event.target.value in categories ? { category: event.target.value, rate: "0" } : { category: "standard", rate: event.target.value })}>
      {options.map((rate) => <option key={rate} value={rate}>{rate.replace(".", ",")} %</option>)}
      {Object.entries(categories).map(([code, label]) => <option key={code} value={code}>{t(label)}</option>)}
    </select>
  );
  return (
    <div id={name} className="lines" role="group" aria-label={t("Lines")}>
      <input ref={hidden} type="hidden" name={name} value={said} readOnly />
      <div className="lines-h" aria-hidden="true"><span>{t("Service")}</span><span>{t("Quantity")}</span><span>{t("Unit")}</span><span>{t("Price")}</span><span>{t("VAT")}</span><span className="te">{t("Amount")}</span><span /></div>
      {lines.map((line, at) => (
        <div key={line.key} className="lines-i" role="group" aria-label={t("Line {n}", { n: at + 1 })}>
          <div className="col g-1 lines-w">
            {input(line, "description", t("Service"), { wide: true, id: `line-${line.key}` })}
            {input(line, "detail", t("Detail"), { wide: true, placeholder: t("Detail") })}
          </div>
          <label><span className="lines-l">{t("Quantity")}</span>{input(line, "quantity", t("Quantity"))}</label>
          <label><span className="lines-l">{t("Unit")}</span><input aria-label={t("Unit")} className="input" value={line.unit ?? ""} maxLength={12} onChange={(event) => set(line.key, { unit: event.target.value })} /></label>
          <label><span className="lines-l">{t("Price")}</span>{input(line, "price", t("Price"))}</label>
          <label><span className="lines-l">{t("VAT")}</span>{tax(line)}</label>
          <span className="te num b lines-a"><bdi>{amount(line)}</bdi></span>
          <span className="row g-1 lines-x">
            {at > 0 && <button type="button" className="btn btn-q btn-icon btn-sm" aria-label={t("Move up")} title={t("Move up")} onClick={() => move(at, -1)}><Icon name="arrow-up" /></button>}
            <button type="button" className="btn btn-q btn-icon btn-sm" aria-label={t("Remove")} title={t("Remove")} onClick={() => drop(line.key)}><Icon name="x" /></button>
          </span>
        </div>
      ))}
      <button type="button" className="btn btn-s btn-sm self-start" onClick={add}><Icon name="plus" />{t("Add a line")}</button>
    </div>
  );
}
