import type { State } from '#lib/provenance/state.ts';
import type { SettingState } from '#lib/services/setting/list.ts';

export const SETTING_STATES: Readonly<Record<SettingState, State>> = {
  'in-force': { tone: 'proven', word: 'In force', meaning: 'The jobs work with it.' },
  waiting: { tone: 'claimed', word: 'Waiting', meaning: 'The jobs take it up within seconds, if they run.' },
  off: { tone: 'unknown', word: 'Off', meaning: 'It is kept, and does nothing until it is switched on.' },
  'set-aside': {
    tone: 'broken',
    word: 'Set aside',
    meaning: 'It is not part of the configuration, for the reason given; everything else is.',
  },
};
