/** Names and values of one object; what is not known is not shown. */

export type Fact = readonly [label: string, value: React.ReactNode];

export function Facts({ facts }: { facts: readonly Fact[] }): React.JSX.Element {
  return (
    <dl className="facts">
      {facts.map(([label, value]) =>
        value === null || value === undefined || value === "" ? null : (
          <div key={label} style={{ display: "contents" }}><dt>{label}</dt><dd>{value}</dd></div>
        ),
      )}
    </dl>
  );
}
