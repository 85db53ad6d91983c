import { expect, test } from "vitest";

import { Asked } from "../../src/player/asked";

test("answers reach the questions that they are of", async () => {
  const asked = new Asked();
  const ids: number[] = [];
  const first = asked.ask<string>((id) => ids.push(id));
  const second = asked.ask<string>((id) => ids.push(id));
  asked.answer(ids[1], "two");
  asked.refuse(ids[0], "no");
  asked.answer(99, "nobody's");
  await expect(second).resolves.toBe("two");
  await expect(first).rejects.toThrow("no");
});
