import "../css/overlay.css";
import { Dialog as Base } from "@base-ui/react/dialog";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

export const Dialog = ({ children, ...root }) => <Base.Root {...root}>{children}</Base.Root>;
export const DialogTrigger = (props) => <Base.Trigger {...props} />;
export const DialogClose = (props) => <Base.Close {...props} />;

const Close = () => {
  const t = useT();
  return <Base.Close className="btn btn-q btn-icon btn-sm end" aria-label={t("Close")}><Icon name="x" /></Base.Close>;
};

export function DialogPopup({ title, description, width, foot, children }) {
  const head = (
    <div className="row row-t g-3">
      <div className="col g-1h grow">
        <Base.Title className="t-1">{title}</Base.Title>
        {description && <Base.Description className="i2">{description}</Base.Description>}
      </div>
      <Close />
    </div>
  );
  return (
    <Base.Portal>
      <Base.Backdrop className="backdrop" />
      <Base.Viewport className="viewport">
        {width
          ? <Base.Popup className="dialog dialog-w float" style={{ "--dw": width }}><div className="dialog-h">{head}</div><div className="dialog-b pad">{children}</div>{foot && <div className="dialog-f">{foot}</div>}</Base.Popup>
          : <Base.Popup className="dialog float">{head}{children}</Base.Popup>}
      </Base.Viewport>
    </Base.Portal>
  );
}

export const DrawerPopup = ({ title, children }) => (
  <Base.Portal>
    <Base.Backdrop className="backdrop" />
    <Base.Popup className="drawer sheet">
      <div className="drawer-h"><Base.Title className="t-1 grow">{title}</Base.Title><Close /></div>
      <div className="drawer-b">{children}</div>
    </Base.Popup>
  </Base.Portal>
);
