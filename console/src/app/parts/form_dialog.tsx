/** A dialog that makes or changes something; what the site refuses is said in it. */

import { Button, Modal } from "@mantine/core";
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { texts } from "../texts";
import { errorText } from "./failure";

interface FormDialogProps {
  title: string;
  act: string;
  size?: "md" | "lg";
  /** It takes something away for good. */
  grave?: boolean;
  submit: () => Promise<unknown>;
  close: () => void;
  /** It shows what was made, and is closed by hand. */
  stays?: boolean;
  /** Of what is read again when it is done. */
  refresh?: readonly QueryKey[];
  children: React.ReactNode;
}

export function FormDialog({ title, act, size = "md", grave = false, submit, close, stays = false, refresh = [], children }: FormDialogProps): React.JSX.Element {
  const client = useQueryClient();
  const sent = useMutation({
    mutationFn: async () => {
      await submit();
      await Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    ...(stays ? {} : { onSuccess: close }),
  });
  return (
    <Modal opened size={size} onClose={close} title={title} closeButtonProps={{ "aria-label": texts.close }}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); sent.mutate(); }}>
        {children}
        {sent.error === null ? null : <p role="alert" className="tone-bad">{errorText(sent.error)}</p>}
        <div className="row">
          <span className="grow" />
          <Button variant="default" onClick={close}>{texts.ask.cancel}</Button>
          <Button type="submit" {...(grave ? { color: "red" } : {})} loading={sent.isPending}>{act}</Button>
        </div>
      </form>
    </Modal>
  );
}
