import "../css/overlay.css";
import { Menu as Base } from "@base-ui/react/menu";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { Link } from "react-router";
import { useDirection } from "$/public/i18n.js";

export const Menu = ({ children, ...root }) => (
  <DirectionProvider direction={useDirection()}>
    <Base.Root {...root}>{children}</Base.Root>
  </DirectionProvider>
);

export const MenuTrigger = (props) => <Base.Trigger {...props} />;

export const MenuPopup = ({ align = "start", children }) => (
  <Base.Portal>
    <Base.Positioner sideOffset={6} align={align} className="above">
      <Base.Popup className="menu float">{children}</Base.Popup>
    </Base.Positioner>
  </Base.Portal>
);

// onSelect: a click, Enter or Space on the item. With href it is a link: inside the app, or a full load for an address that leaves it.
export const MenuItem = ({ onSelect, danger, href, ...props }) => {
  const look = `menu-i ${danger ? "is-danger" : ""}`;
  if (!href) return <Base.Item className={look} onClick={onSelect} {...props} />;
  const inside = href.startsWith("/") && !href.startsWith("/api/") && props.target === undefined;
  return <Base.Item className={look} render={inside ? <Link to={href} /> : <a href={href} />} {...props} />;
};
export const MenuSeparator = () => <Base.Separator className="menu-sep" />;
