// What a person has chosen for listing SKUs, before it is sent.
import type { Candidate, Suggestion } from '@/api/types';

export interface Choice {
  variant_id: string;
  sku: string;
  name: string;
  pieces: number;
}
export type Choices = Record<string, Choice>;

export const asChoice = ({ variant_id, sku, name }: Candidate): Choice => ({
  variant_id,
  sku,
  name,
  pieces: 1,
});

/** The suggestions that may be taken unseen, of SKUs that nothing is chosen for. */
export function sureOnes(suggestions: Suggestion[], chosen: Choices): Choices {
  const sure: Choices = {};
  for (const { of, sure: certain, candidates } of suggestions) {
    const [best] = candidates;
    if (certain && best && !chosen[of.key] && of.sku.parts?.length === 0)
      sure[of.key] = asChoice(best);
  }
  return sure;
}

/** As POST /mapping-jobs wants it. */
export function asItems(choices: Choices) {
  return Object.entries(choices).map(([key, { variant_id, pieces }]) => {
    const dash = key.indexOf('-');
    return {
      shop_id: key.slice(0, dash),
      sku_id: key.slice(dash + 1),
      parts: [{ variant_id, pieces }],
    };
  });
}
