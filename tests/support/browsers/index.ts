// Starts real browsers with the built extension on the stand-in and reads what a person sees.
export { violationsIn } from './axe.ts';
export {
  composerText,
  editorSelector,
  pressStop,
  sendInserted,
  sendMessage,
  shownText,
  turnEnded,
  typeMessage,
} from './chat-page.ts';
export { type ChromiumOptions, type ChromiumUnderTest, launchChromium } from './launch-chromium.ts';
export { chooseSettings, chooseSmallStart, SMALL_START } from './small-start.ts';
export { type FirefoxOptions, type FirefoxUnderTest, launchFirefox } from './launch-firefox.ts';
export { chooseFiles } from './choose-files.ts';
export { dragFileInFirefox } from './drag-file-firefox.ts';
export { dragFile } from './drag-file.ts';
export { type Downloads, watchDownloads } from './downloads.ts';
export {
  answerInput,
  barTag,
  type CardFile,
  cardInState,
  type CardReading,
  cardSelector,
  clickPart,
  finishedAgain,
  finishedCard,
  noteOf,
  outsideOf,
  type Part,
  partsOf,
  partWith,
  pressInCard,
  readCards,
  replaceText,
  typeOver,
  stillBox,
  typeInto,
  type Within,
} from './run-card.ts';
export { endExtensionProcess } from './end-extension-process.ts';
export { expectCleanSite } from './clean-site.ts';
export { pressByKey } from './press-by-key.ts';
export { closeTab, terminalTabs } from './terminal-tabs.ts';
export { closeTerminals, lineWith, prompt, shownLines, typeLine } from './terminal-page.ts';
