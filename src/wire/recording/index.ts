// A recording of the wire, made fit to hand on: values replaced, structure and timing kept.
export { redactRecording, type FixtureStep, type RedactedRecording } from './redact-recording.ts';
