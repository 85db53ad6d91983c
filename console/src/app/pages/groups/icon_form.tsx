/** Chooses the icon of an application: one that is there, or a file. */

import { FileInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { site } from "../../../api/site";
import type { ApplicationSelection } from "../../../api/wire.gen";
import { useMay } from "../../me";
import { FormDialog } from "../../parts/form_dialog";
import { Bones } from "../../parts/panel";
import { texts } from "../../texts";
import { addIcon, ICONS, Picture, useIcons } from "./icon_picture";
import "./icons.css";

const t = texts.groups.icons;
export const FILES = "image/png,image/x-icon,image/vnd.microsoft.icon,.ico";

export function IconForm({ application, close }: { application: ApplicationSelection; close: () => void }): React.JSX.Element {
  const may = useMay();
  const all = useIcons();
  const [icon, setIcon] = useState(application.IconId ?? "");
  const [file, setFile] = useState<File | null>(null);
  const submit = async (): Promise<void> => {
    const Icon = file === null ? icon : await addIcon(file);
    await site("PATCH /cvad/manage/Applications/{nameOrId}", { path: { nameOrId: application.Id ?? "" }, body: { Icon } });
  };
  return (
    <FormDialog title={t.of(application.Name ?? "")} act={texts.save} submit={submit} close={close} refresh={[["applications"], ICONS]}>
      {all.data === undefined ? <Bones lines={2} /> : (
        <div className="icons" role="group" aria-label={t.title}>
          {all.data.map((one, place) => (
            <UnstyledButton className="icon" key={one.Id} aria-pressed={file === null && one.Id === icon} onClick={() => { setIcon(one.Id ?? ""); setFile(null); }}>
              <Picture icon={one} alt={t.one(place + 1)} />
            </UnstyledButton>
          ))}
        </div>
      )}
      {may("Icon_Manage") ? <FileInput label={t.file} description={t.fileWhy} accept={FILES} clearable value={file} onChange={setFile} placeholder={t.choose} /> : null}
    </FormDialog>
  );
}
