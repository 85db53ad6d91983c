/** One line of text in a form. */

import { TextInput, type TextInputProps } from "@mantine/core";

interface LineProps extends Omit<TextInputProps, "value" | "onChange"> {
  value: string;
  change: (value: string) => void;
}

export function Line({ change, ...rest }: LineProps): React.JSX.Element {
  return <TextInput {...rest} onChange={(event) => change(event.currentTarget.value)} />;
}
