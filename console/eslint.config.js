import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/**", "src/api/wire.gen.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { files: ["src/app/**"], ...hooks.configs.flat["recommended-latest"] },
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Typed arrays and DOM properties take numbers in templates all the time.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "error",
      eqeqeq: "error",
    },
  },
  // It speaks of the compiler of React, which this build does not use.
  { files: ["src/app/**"], rules: { "react-hooks/incompatible-library": "off" } },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
