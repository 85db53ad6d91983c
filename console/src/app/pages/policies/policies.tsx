/** Recording policies in their order: the first enabled one that fits decides. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { site } from "../../../api/site";
import type { PolicyList, PolicyView } from "../../../api/wire.gen";
import { Blank } from "../../parts/blank";
import { Failure } from "../../parts/failure";
import { Bones } from "../../parts/panel";
import { attempt } from "../../parts/tell";
import { useView } from "../../table/view";
import { texts } from "../../texts";
import { PolicyForm } from "./policy_form";
import { PolicyPanel } from "./policy_panel";
import { PolicyRow } from "./policy_row";
import { PolicyTabs } from "./tabs";
import { POLICY_LIST, useForecast, usePolicies } from "./use_policies";
import { moved } from "./words";
import "../../table/table.css";
import "./policies.css";

const t = texts.policies;
const FORECAST_DAYS = 30;

export default function Policies(): React.JSX.Element {
  const [view, change] = useView();
  const [making, setMaking] = useState(false);
  const found = usePolicies();
  const items = found.data?.items ?? [];
  const open = items.find((one) => one.id === view.open);
  return (
    <>
      <PolicyTabs />
      <div className="beside">
        <section className="list" aria-label={texts.pages.policies}>
          <div className="list-tools">
            <span className="soft grow">{t.about}</span>
            <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setMaking(true)}>{t.add}</Button>
          </div>
          {found.isPending ? <div className="policies-coming"><Bones lines={4} /></div> : null}
          {found.isError ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
          {found.data !== undefined && items.length === 0 ? <Blank icon={ShieldCheck} title={t.none}>{t.noneWhy}</Blank> : null}
          {items.length === 0 ? null : <Ordered items={items} open={view.open} onOpen={(id) => change({ open: view.open === id ? null : id })} />}
        </section>
        {open === undefined ? null : <PolicyPanel policy={open} key={open.id} close={() => change({ open: null })} />}
      </div>
      {making ? <PolicyForm of={null} close={() => setMaking(false)} /> : null}
    </>
  );
}

interface OrderedProps {
  items: readonly PolicyView[];
  open: string | null;
  onOpen: (id: string) => void;
}

/** Dragged, or moved by buttons and by Alt with the arrows. */
function Ordered({ items, open, onOpen }: OrderedProps): React.JSX.Element {
  const client = useQueryClient();
  const forecast = useForecast(FORECAST_DAYS);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const move = async (from: number, to: number): Promise<void> => {
    const order = moved(items, from, to);
    const name = items[from]?.name;
    if (order === items || from === to) return;
    // Where it was put at once; the site's word replaces it.
    client.setQueryData<PolicyList>(POLICY_LIST, { items: order.map((one, place) => ({ ...one, position: place + 1 })) });
    const done = await attempt(t.order, () => site("PUT /footlight/v1/recording-policies/order", { body: { ids: order.map((one) => one.id) } }));
    if (done) setSaid(t.moved(name, to + 1, items.length));
    await client.invalidateQueries({ queryKey: POLICY_LIST });
  };
  return (
    <>
      <p className="unseen" role="status">{said}</p>
      <ol className="policies">
        {items.map((policy, place) => (
          <PolicyRow
            key={policy.id}
            policy={policy}
            last={place === items.length - 1}
            open={open === policy.id}
            over={over === place && dragged !== null && dragged !== place}
            forecast={forecast.data?.policies.find((one) => one.id === policy.id)}
            onOpen={() => onOpen(policy.id)}
            onMove={(by) => void move(place, place + by)}
            drag={{
              draggable: true,
              onDragStart: (event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", policy.name);
                setDragged(place);
              },
              onDragOver: (event) => {
                if (dragged === null) return;
                event.preventDefault();
                setOver(place);
              },
              onDrop: (event) => {
                event.preventDefault();
                if (dragged !== null) void move(dragged, place);
              },
              onDragEnd: () => { setDragged(null); setOver(null); },
            }}
          />
        ))}
      </ol>
    </>
  );
}
