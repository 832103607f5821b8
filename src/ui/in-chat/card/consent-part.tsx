import { Button, sentenceOf, useLeftFocus } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { useServices } from './services.ts';
import { type HeldProps, Warnings } from './warning-part.tsx';

/** Commands that the person has to agree to before the code runs, each with why it is asked about. */
export function ConsentPart({ run, held, sessionId, onNote }: HeldProps) {
  const services = useServices();
  const part = useLeftFocus();
  const { asked, decision } = held;
  const names = asked.flatMap(({ name }) => name ?? []);
  const runOnce = () => run.start('press', true);
  const allow = async () => {
    const answer = await services.runs.choose({ sessionId, commands: names });
    if (answer.ok) await runOnce();
    else onNote(await sentenceOf(answer.error));
  };
  return (
    <div ref={part} class="warning" data-part="consent" role="alert">
      <strong>{TEXTS.consent.title}</strong>
      <ul>
        {asked.map(({ text, why }) => (
          <li key={text + why}>
            <code dir="ltr">{text}</code> {why}
          </li>
        ))}
      </ul>
      <Warnings of={decision.warnings} />
      <div class="actions">
        <Button action="run-once" onPress={() => void runOnce()}>
          {TEXTS.consent.once}
        </Button>
        {names.length === asked.length ? (
          <Button action="allow-commands" onPress={() => void allow()}>
            {TEXTS.consent.allow(names.length)}
          </Button>
        ) : null}
        <Button action="cancel-held" kind="primary" onPress={() => (run.held.value = null)}>
          {TEXTS.consent.dont}
        </Button>
      </div>
    </div>
  );
}
