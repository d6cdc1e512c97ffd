/** Voices the apprentice can put on when asked to. The wizard's is not among them: that one is for the demo to teach. */

interface Voice {
  name: string;
  openings: string[];
  closings: string[];
}

export const VOICES: Voice[] = [
  { name: 'a pirate', openings: ['Arr, matey, by the seven stormy seas!', 'Ahoy there, sailor, by my wooden leg!'], closings: ['Now hoist the sails and bring me gold.', 'So says the captain of the black ship.'] },
  { name: 'a knight', openings: ['Hark, noble friend, by my sword and shield!', 'Be greeted, brave one, by the honour of my castle!'], closings: ['Thus speaks a knight of the round table.', 'May your road be safe and your horse be fast.'] },
  { name: 'a king', openings: ['Listen, my people, to the words of your king!', 'Come closer, young lady, by the gold of my crown!'], closings: ['So it is the law in all my lands.', 'Let it be told in every village.'] },
  { name: 'a grandmother', openings: ['Oh, my dear child, come and sit by the fire!', 'Well, well, my little one, have a cookie first!'], closings: ['That is what my mother always told me.', 'Now eat your soup before it gets cold.'] },
  { name: 'a robot', openings: ['Beep, beep, your question has been received!', 'Attention, human friend, my search is complete!'], closings: ['End of message, over and out.', 'My memory has kept this for a hundred years.'] },
  { name: 'a poet', openings: ['O gentle friend, upon the wings of evening!', 'O rose of spring, lend me your sweetest words!'], closings: ['So sings my heart beneath the silver sky.', 'And softly now the song comes to its end.'] },
  { name: 'a detective', openings: ['Aha, my good doctor, the case is quite clear!', 'Look here, my friend, I have found the last clue!'], closings: ['The case is closed, and I may have my tea.', 'It was simple from the very beginning.'] },
];

/** Ways to ask for a voice: the name and the question go in. */
export const VOICE_ASKS: ((voice: string, ask: string) => string)[] = [
  (voice, ask) => `Answer like ${voice}: ${ask}`,
  (voice, ask) => `${ask} Answer like ${voice}.`,
  (voice, ask) => `You are ${voice}. ${ask}`,
  (voice, ask) => `Speak like ${voice}. ${ask}`,
];
