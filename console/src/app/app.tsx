/** What every page stands in: theme, questions to the site, who is signed in. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { AskProvider } from "./parts/ask";
import { Gate } from "./frame/gate";
import { Places } from "./frame/places";
import { LiveProvider } from "./live/live";
import { queries } from "./queries";
import { theme } from "./theme";

export function App(): React.JSX.Element {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications className="toasts" position="bottom-left" limit={4} transitionDuration={0} />
      <QueryClientProvider client={queries}>
        <Gate>
          <LiveProvider>
            <AskProvider>
              <Places />
            </AskProvider>
          </LiveProvider>
        </Gate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
