/** A new host: the one command to run on it. */

import { Alert, Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { site } from "../../../api/site";
import { useChoices } from "../../choices";
import { Command } from "../../parts/command";
import { errorText } from "../../parts/failure";
import { Ago } from "../../parts/when";
import { texts } from "../../texts";

const t = texts.machines.enrol;

export function Enrol({ close }: { close: () => void }): React.JSX.Element {
  const [catalog, setCatalog] = useState<string | null>(null);
  const [group, setGroup] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const catalogs = useChoices("catalogs");
  const groups = useChoices("groups");
  const make = useMutation({
    mutationFn: () => site("POST /footlight/v1/enrolments", { body: { description, catalog, deliveryGroup: group } }),
  });
  return (
    <Modal opened onClose={close} title={t.title} size="lg" closeButtonProps={{ "aria-label": texts.close }}>
      {make.data === undefined ? (
        <form className="stack" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
          <p className="soft">{t.why}</p>
          <TextInput label={t.description} value={description} maxLength={200} onChange={(event) => setDescription(event.currentTarget.value)} data-autofocus />
          <Select label={t.catalog} placeholder={t.usual} clearable data={catalogs} value={catalog} onChange={setCatalog} />
          <Select label={t.group} placeholder={t.usual} clearable data={groups} value={group} onChange={setGroup} />
          {make.error === null ? null : <p role="alert" className="tone-bad">{errorText(make.error)}</p>}
          <div className="row"><span className="grow" /><Button type="submit" loading={make.isPending}>{t.make}</Button></div>
        </form>
      ) : (
        <div className="stack">
          <p>{t.run}</p>
          <Command>{make.data.command}</Command>
          {make.data.warning === null ? null : <Alert color="yellow">{make.data.warning}</Alert>}
          <p className="soft">{t.once} <Ago at={make.data.createdAt} />. {t.appears}</p>
        </div>
      )}
    </Modal>
  );
}
