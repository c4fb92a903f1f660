import "../css/overlay.css";
import { Tooltip as Base } from "@base-ui/react/tooltip";

export const Tooltip = ({ text, children, ...trigger }) => (
  <Base.Root>
    <Base.Trigger delay={300} {...trigger}>{children}</Base.Trigger>
    <Base.Portal>
      <Base.Positioner sideOffset={6} className="above">
        <Base.Popup className="rounded-sm bg-invert px-2 py-1 text-xs text-on-invert">{text}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);
