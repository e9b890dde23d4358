// Colours and sizes.  Texts keep at least 4.5 to 1 against what they stand on, in both schemes.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = [
  '#e8f7fa',
  '#d3ecf1',
  '#a8d9e3',
  '#79c5d4',
  '#53b3c7',
  '#3ba8bf',
  '#2ba2bb',
  '#188ca4',
  '#087c93',
  '#00667b',
];

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 9, dark: 8 },
  colors: { sea },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans Thai", "Leelawadee UI", "PingFang SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Consolas, "Noto Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Paper: { defaultProps: { withBorder: true } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#515b63',
    '--mantine-color-placeholder': '#66707a',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#00667b',
    '--mantine-color-red-light-color': '#98191f',
    '--mantine-color-yellow-light-color': '#6b4700',
    '--mantine-color-green-light-color': '#0d5a34',
  },
  dark: {
    '--mantine-color-dimmed': '#aab4bc',
    '--mantine-color-placeholder': '#98a2ab',
    '--mantine-color-error': '#ff9b94',
    '--mantine-color-anchor': '#79c5d4',
  },
});
