/** The sign of the product. */

import mark from "../../footlight.svg";

export function Brand(): React.JSX.Element {
  return (
    <span className="brand">
      <img src={mark} alt="" width={24} height={24} />
      <span>Footlight</span>
    </span>
  );
}
