import { useEffect, useRef } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// The browser's own dialog: focus kept inside, Escape closes, nothing to download.
export function NativeDialog({ id, title, open, onClose, className, children }) {
  const t = useT();
  const box = useRef(null);
  useEffect(() => {
    if (open === undefined) return;
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  return (
    <dialog ref={box} id={id} aria-label={title} className={`dialog native ${className ?? ""}`} onClose={() => onClose?.()}>
      <div className="row"><h2 className="t-1 grow">{title}</h2><button type="button" className="btn btn-q btn-icon btn-sm" aria-label={t("Close")} onClick={() => box.current.close()}><Icon name="x" /></button></div>
      {children}
    </dialog>
  );
}
