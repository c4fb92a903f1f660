import "../css/overlay.css";
import { Popover as Base } from "@base-ui/react/popover";

export const Popover = ({ children, ...root }) => <Base.Root {...root}>{children}</Base.Root>;
export const PopoverTrigger = (props) => <Base.Trigger {...props} />;

export const PopoverPopup = ({ title, label, children }) => (
  <Base.Portal>
    <Base.Positioner sideOffset={8} align="start" className="above">
      <Base.Popup className="pop float p-4" aria-label={title ? undefined : label}>
        {title && <Base.Title className="b mb-2">{title}</Base.Title>}
        {children}
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
);
