// A portrait: chosen, sent at once to the organisation's files, drawn anew by the server; its id goes to whoever asked.
import { useState } from "react";
import { useParams } from "react-router";
import { useT } from "$/public/i18n.js";

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
        <label htmlFor="photo" className="label">{label}</label>
        <input id="photo" type="file" accept="image/jpeg,image/png,image/webp" onChange={send} disabled={busy} aria-describedby="photo-error" className="t-sm" />
        <p id="photo-error" role="alert" className="error">{wrong}</p>
      </div>
    </div>
  );
}
