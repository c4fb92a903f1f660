// A portrait: chosen, sent at once to the organisation's files, drawn anew by the server; its id goes to whoever asked.
import { useState } from "react";
import { useParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

export function PhotoField({ url, label, onKeep }) {
  const t = useT();
  const { tenant } = useParams();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const send = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    setBusy(true);
    setWrong("");
    const form = new FormData();
    form.append("file", file);
    try {
      const answer = await fetch(`/api/w/${tenant}/files`, { method: "POST", headers: { accept: "application/json" }, body: form });
      const said = await answer.json();
      answer.ok ? onKeep(said.id) : setWrong(said.detail ?? said.title);
    } catch {
      setWrong(t("This picture could not be kept"));
    }
    setBusy(false);
    event.target.value = "";
  };
  return (
    <div className="row g-4">
      {url && <img src={url} alt="" className="av av-pro object-cover" style={{ "--z": "5rem" }} />}
      <div className="field">
        <span id="photo-label" className="label">{label}</span>
        <span>
          <input id="photo" type="file" accept="image/jpeg,image/png,image/webp" onChange={send} disabled={busy} aria-labelledby="photo-label photo-verb" aria-describedby="photo-error" className="sr filed" />
          <label id="photo-verb" htmlFor="photo" className="btn btn-s" aria-busy={busy}><Icon name="upload" />{t("Choose a picture")}</label>
        </span>
        <p id="photo-error" role="alert" className="error">{wrong}</p>
      </div>
    </div>
  );
}
