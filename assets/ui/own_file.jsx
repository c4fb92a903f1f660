import { useState } from "react";
import { useParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// A file in an own field: sent as soon as it is chosen, then handed out by its own address.
export function OwnFile({ field, file, name, record, label, mayChange, onKeep, onRemove }) {
  const t = useT();
  const { tenant } = useParams();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const send = async (event) => {
    const [chosen] = event.target.files;
    if (!chosen) return;
    setBusy(true);
    setWrong("");
    const form = new FormData();
    form.append("file", chosen);
    try {
      const answer = await fetch(`/api/w/${tenant}/fields/${field}/files?${record}`, { method: "POST", headers: { accept: "application/json" }, body: form });
      const said = await answer.json();
      answer.ok ? onKeep() : setWrong(said.detail ?? said.title);
    } catch {
      setWrong(t("This file could not be kept"));
    }
    setBusy(false);
    event.target.value = "";
  };
  return (
    <div className="field">
      <span id={`${field}-label`} className="label"><bdi>{label}</bdi></span>
      <span className="row wrap">
        {file && <a href={`/api/w/${tenant}/fields/files/${file}`} download className="link clip"><bdi>{name}</bdi></a>}
        {!file && !mayChange && "–"}
        {mayChange && <>
          <input id={field} type="file" accept="application/pdf,image/jpeg,image/png,image/webp" onChange={send} disabled={busy} aria-labelledby={`${field}-label ${field}-verb`} aria-describedby={`${field}-error`} className="sr filed" />
          <label id={`${field}-verb`} htmlFor={field} className="btn btn-s btn-sm" aria-busy={busy}><Icon name="upload" />{file ? t("Replace") : t("Choose a file")}</label>
          {file && <button type="button" className="btn btn-dq btn-sm" onClick={() => onRemove()}>{t("Remove")}</button>}
        </>}
      </span>
      <p id={`${field}-error`} role="alert" className="error">{wrong}</p>
    </div>
  );
}
