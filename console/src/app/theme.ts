/**
 * How Mantine's parts behave here. Their colours and sizes are variables in theme.css: the site's security policy
 * allows no `style` element, which Mantine would make for them (docs in console/README.md).
 */

import { createTheme } from "@mantine/core";

const still = { lockScroll: false, transitionProps: { duration: 0 } };

export const theme = createTheme({
  components: {
    Modal: { defaultProps: { ...still, centered: true } },
    Drawer: { defaultProps: still },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 0 } } },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 0 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, transitionProps: { duration: 0 } } },
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", comboboxProps: { transitionProps: { duration: 0 } } } },
  },
});
