/** Small numbers: sums, differences, counting, doubling, neighbours and which is larger. */
import type { Fact } from '../fact';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const SUM = (x: number, y: number) => [`What is ${x} plus ${y}?`, `How much is ${x} plus ${y}?`, `What is ${x} + ${y}?`, `Add ${x} and ${y}.`, `What do you get when you add ${y} to ${x}?`, `Can you add ${x} and ${y}?`, `${x} + ${y} = ?`, `Tell me what ${x} plus ${y} is.`, `What is the sum of ${x} and ${y}?`];
const DIFFERENCE = (x: number, y: number) => [`What is ${x} minus ${y}?`, `How much is ${x} minus ${y}?`, `What is ${x} - ${y}?`, `Take ${y} away from ${x}.`, `What is left when you take ${y} from ${x}?`, `${x} - ${y} = ?`, `Tell me what ${x} minus ${y} is.`];

export function numberFacts(): Fact[] {
  const topic = 'numbers';
  return [
    ...range(0, 10).flatMap((x) => range(0, 10).map((y): Fact => ({ topic: 'sums', asks: SUM(x, y), answers: [`${x} plus ${y} is ${x + y}.`] }))),
    ...range(1, 12).flatMap((x) => range(0, x).map((y): Fact => ({ topic: 'sums', asks: DIFFERENCE(x, y), answers: [`${x} minus ${y} is ${x - y}.`] }))),
    ...range(1, 10).map((x): Fact => ({ topic, asks: [`What is ${x} times 2?`, `What is 2 times ${x}?`, `What is the double of ${x}?`, `Double ${x}.`, `What is twice ${x}?`, `How much is ${x} times 2?`], answers: [`2 times ${x} is ${2 * x}.`] })),
    ...range(1, 10).map((x): Fact => ({ topic, asks: [`What is half of ${2 * x}?`, `What is ${2 * x} divided by 2?`, `Tell me the half of ${2 * x}.`, `How much is half of ${2 * x}?`], answers: [`Half of ${2 * x} is ${x}.`] })),
    ...range(1, 6).flatMap((from) => range(from + 2, Math.min(from + 8, 12)).map((to): Fact => ({
      topic,
      asks: [`Count from ${from} to ${to}.`, `Can you count from ${from} to ${to}?`, `Please count from ${from} up to ${to}.`, `Tell me the numbers from ${from} to ${to}.`, ...(from === 1 ? [`Count to ${to}.`, `Can you count to ${to}?`] : [])],
      answers: [`${range(from, to).join(', ')}.`],
    }))),
    ...range(3, 10).map((from): Fact => ({ topic, asks: [`Count down from ${from}.`, `Count backwards from ${from}.`, `Can you count down from ${from}?`, `Can you count backwards from ${from}?`], answers: [`${range(1, from).reverse().join(', ')}.`] })),
    ...range(1, 30).map((x): Fact => ({ topic, asks: [`Which number comes after ${x}?`, `What comes after ${x}?`, `What number follows ${x}?`, `Tell me the number after ${x}.`, `What is the next number after ${x}?`], answers: [`The number after ${x} is ${x + 1}.`] })),
    ...range(1, 30).map((x): Fact => ({ topic, asks: [`Which number comes before ${x}?`, `What comes before ${x}?`, `What is the number before ${x}?`, `Tell me the number before ${x}.`], answers: [`The number before ${x} is ${x - 1}.`] })),
    ...range(1, 20).flatMap((x) => range(1, 20).filter((y) => y !== x && (7 * x + 3 * y) % 4 === 0).map((y): Fact => {
      const [small, large] = [Math.min(x, y), Math.max(x, y)];
      return { topic, asks: [`Which is larger, ${x} or ${y}?`, `Which number is bigger, ${x} or ${y}?`, `What is more, ${x} or ${y}?`, `Is ${x} or ${y} the larger number?`], answers: [`${large} is larger than ${small}.`] };
    })),
    ...range(0, 20).map((x): Fact => ({ topic, asks: [`Is ${x} even or odd?`, `Is the number ${x} odd or even?`, `Tell me if ${x} is even or odd.`], answers: [`${x} is ${x % 2 ? 'odd' : 'even'}.`] })),
  ];
}
