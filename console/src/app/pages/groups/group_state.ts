/** What the sign of a delivery group says: maintenance first, then whether it is in use. */

import type { DeliveryGroupSelection } from "../../../api/wire.gen";

export const stateOf = (row: DeliveryGroupSelection): string =>
  row.InMaintenanceMode === true ? "maintenance" : row.Enabled === false ? "disabled" : "enabled";
