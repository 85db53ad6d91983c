/** One application: what it runs, for whom, and what can be done to it. */

import { Copy, FolderInput, Image, Pencil, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ApplicationSelection } from "../../../api/wire.gen";
import { useChoices } from "../../choices";
import { useMay } from "../../me";
import { Act } from "../../parts/act";
import { useAsk } from "../../parts/ask";
import { Facts } from "../../parts/facts";
import { Id } from "../../parts/name";
import { ObjectTags } from "../../parts/object_tags";
import { Panel } from "../../parts/panel";
import { Sign } from "../../parts/sign";
import { useRun } from "../../parts/use_run";
import { texts } from "../../texts";
import { ApplicationForm } from "./application_form";
import { commandOf, folderOf, stateOf } from "./application_state";
import { IconForm } from "./icon_form";
import { IconOf } from "./icon_picture";
import { MoveApplication } from "./move_application";

const t = texts.groups;

interface ApplicationPanelProps {
  application: ApplicationSelection;
  close: () => void;
}

export function ApplicationPanel({ application, close }: ApplicationPanelProps): React.JSX.Element {
  const [dialog, setDialog] = useState<"edit" | "move" | "icon" | null>(null);
  const may = useMay();
  const groups = useChoices("groups", may("DesktopGroup_Read"));
  const held = (application.AssociatedDeliveryGroupUuids ?? []).map((id) => groups.find((one) => one.value === id)?.label ?? id);
  const id = application.Id ?? "";
  return (
    <Panel title={application.Name ?? ""} close={close} busy={false}>
      <ApplicationActs application={application} show={setDialog} close={close} />
      <Facts facts={[
        [t.state, <Sign key="state" state={stateOf(application)} />],
        [t.icons.icon, application.IconId === undefined ? null : <IconOf key="icon" id={application.IconId} />],
        [t.publishedName, application.PublishedName],
        [t.command, <span key="command" className="mono">{commandOf(application)}</span>],
        [t.workingFolder, application.InstalledAppProperties?.WorkingDirectory],
        [t.groups, held.join(", ")],
        [t.folder, folderOf(application)],
        [t.description, application.Description],
        [t.id, <Id key="id">{id}</Id>],
      ]} />
      <ObjectTags kind="Applications" id={id} />
      {dialog === "edit" ? <ApplicationForm application={application} close={() => setDialog(null)} /> : null}
      {dialog === "move" ? <MoveApplication application={application} close={() => setDialog(null)} /> : null}
      {dialog === "icon" ? <IconForm application={application} close={() => setDialog(null)} /> : null}
    </Panel>
  );
}

function ApplicationActs({ application, show, close }: ApplicationPanelProps & { show: (dialog: "edit" | "move" | "icon") => void }): React.JSX.Element {
  const may = useMay();
  const ask = useAsk();
  const run = useRun(["applications"], ["groups"]);
  const name = application.Name ?? "";
  const path = { nameOrId: application.Id ?? "" };
  const remove = async (): Promise<void> => {
    if (!(await ask({ title: t.removeTitle(name), consequence: t.removeLoses, act: t.remove }))) return;
    if (await run(t.remove, () => site("DELETE /cvad/manage/Applications/{nameOrId}", { path }))) close();
  };
  const duplicate = (): void => void run(t.duplicate, () => site("POST /cvad/manage/Applications/{nameOrId}/$duplicate", { path, body: {} }));
  const off = application.Enabled === false;
  const turn = (): void => void run(t.enabled, () => site("PATCH /cvad/manage/Applications/{nameOrId}", { path, body: { Enabled: off } }));
  const changes = may("Application_EditProperties");
  return (
    <div className="row wrap">
      <Act icon={Pencil} allowed={changes} run={() => show("edit")}>{texts.edit}</Act>
      <Act icon={FolderInput} allowed={changes} run={() => show("move")}>{t.folders.move}</Act>
      <Act icon={Image} allowed={changes} run={() => show("icon")}>{t.icons.icon}</Act>
      <Act icon={Power} allowed={changes} run={turn}>{off ? t.enable : t.disable}</Act>
      <Act icon={Copy} allowed={may("Application_Create")} run={duplicate}>{t.duplicate}</Act>
      <Act icon={Trash2} danger allowed={may("Application_Delete")} run={() => void remove()}>{t.remove}</Act>
    </div>
  );
}
