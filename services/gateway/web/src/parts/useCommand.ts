// A command of a person: sent under one key, then what it changed is read again, then it is said.
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { say } from './say';

interface Command<Input, Output> {
  run: (input: Input) => Promise<Output>;
  forget?: QueryKey[];
  /** Read once more after so many ms: what was asked for comes later. */
  forgetLater?: number;
  said?: (output: Output, input: Input) => string;
  done?: (output: Output, input: Input) => void;
}

export function useCommand<Input = void, Output = unknown>(command: Command<Input, Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: command.run,
    onSuccess: (output, input) => {
      const forget = () => {
        for (const queryKey of command.forget ?? []) void queries.invalidateQueries({ queryKey });
      };
      forget();
      if (command.forgetLater) setTimeout(forget, command.forgetLater);
      if (command.said) say(command.said(output, input));
      command.done?.(output, input);
    },
  });
}
