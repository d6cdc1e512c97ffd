/** Days, months and seasons. */
import { fill, type Fact } from '../fact';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Seasons as the northern half of the earth has them, by month from January on. */
const SEASON_OF_MONTH = ['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer', 'autumn', 'autumn', 'autumn', 'winter'];
const SEASONS = [
  ['spring', 'In spring the snow melts, the days grow longer and the first flowers open.'],
  ['summer', 'In summer the sun is warm, the days are long and people swim in the lakes.'],
  ['autumn', 'In autumn the leaves turn red and yellow, and the apples are ripe.'],
  ['winter', 'In winter it is cold, the days are short and snow covers the fields.'],
];

const at = (list: readonly string[], i: number) => list[(i + list.length) % list.length];

export function calendarFacts(): Fact[] {
  const neighbours = (list: readonly string[], kind: string): Fact[] => list.flatMap((name, i) => [
    { topic: 'calendar', asks: fill([`which ${kind} comes after {}?`, 'what comes after {}?', `what is the ${kind} after {}?`, `tell me the ${kind} after {}.`, `which ${kind} follows {}?`, `what is the next ${kind} after {}?`], name), answers: [`The ${kind} after ${name} is ${at(list, i + 1)}.`] },
    { topic: 'calendar', asks: fill([`which ${kind} comes before {}?`, 'what comes before {}?', `what is the ${kind} before {}?`, `tell me the ${kind} before {}.`], name), answers: [`The ${kind} before ${name} is ${at(list, i - 1)}.`] },
  ]);
  return [
    ...neighbours(DAYS, 'day'),
    ...neighbours(MONTHS, 'month'),
    ...DAYS.flatMap((day, i): Fact[] => [
      { topic: 'calendar', asks: fill(['if today is {}, what day is tomorrow?', 'today is {}. What day is it tomorrow?', 'today is {}. Which day comes tomorrow?'], day), answers: [`If today is ${day}, tomorrow is ${at(DAYS, i + 1)}.`] },
      { topic: 'calendar', asks: fill(['if today is {}, what day was yesterday?', 'today is {}. What day was it yesterday?', 'today is {}. Which day was yesterday?'], day), answers: [`If today is ${day}, yesterday was ${at(DAYS, i - 1)}.`] },
    ]),
    ...MONTHS.flatMap((month, i): Fact[] => [
      { topic: 'calendar', asks: fill(['how many days does {} have?', 'how many days are in {}?', 'how long is {}?', 'tell me how many days {} has.', 'do you know how many days {} has?'], month), answers: [`${month} has ${MONTH_LENGTHS[i]} days${i === 1 ? ', and 29 in a leap year' : ''}.`] },
      { topic: 'calendar', asks: fill(['in which season is {}?', 'which season is it in {}?', 'what season does {} belong to?', 'is {} in summer or in winter?', 'tell me the season of {}.'], month), answers: [`${month} is in ${SEASON_OF_MONTH[i]}.`] },
    ]),
    ...SEASONS.map(([season, text]): Fact => ({ topic: 'calendar', asks: fill(['tell me about {}.', 'what is {} like?', 'what happens in {}?', 'describe {}.', 'what do you know about {}?', 'how is the weather in {}?', 'can you tell me about {}?'], season), answers: [text] })),
    { topic: 'calendar', asks: ['How many days are in a week?', 'How many days does a week have?', 'Tell me how many days a week has.', 'How long is a week?'], answers: ['A week has seven days.'] },
    { topic: 'calendar', asks: ['How many months are in a year?', 'How many months does a year have?', 'Tell me how many months a year has.', 'How long is a year in months?'], answers: ['A year has twelve months.'] },
    { topic: 'calendar', asks: ['How many seasons are there?', 'How many seasons does a year have?', 'What are the four seasons?', 'Name the seasons.', 'Tell me the seasons of the year.'], answers: ['There are four seasons: spring, summer, autumn and winter.'] },
    { topic: 'calendar', asks: ['What are the days of the week?', 'Name the days of the week.', 'Tell me the days of the week.', 'Can you list the days of the week?', 'List the seven days.'], answers: [`The days of the week are ${DAYS.slice(0, -1).join(', ')} and Sunday.`] },
    { topic: 'calendar', asks: ['How many hours are in a day?', 'How many hours does a day have?', 'How long is a day?', 'Tell me how many hours a day has.'], answers: ['A day has 24 hours.'] },
    { topic: 'calendar', asks: ['How many minutes are in an hour?', 'How many minutes does an hour have?', 'How long is an hour?', 'Tell me how many minutes an hour has.'], answers: ['An hour has 60 minutes.'] },
    { topic: 'calendar', asks: ['How many days are in a year?', 'How many days does a year have?', 'How long is a year?', 'Tell me how many days a year has.'], answers: ['A year has 365 days, and 366 in a leap year.'] },
    { topic: 'calendar', asks: ['How many seconds are in a minute?', 'How many seconds does a minute have?', 'How long is a minute?', 'Tell me how many seconds a minute has.'], answers: ['A minute has 60 seconds.'] },
  ];
}
