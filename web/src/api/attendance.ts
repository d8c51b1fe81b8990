/** Milliseconds after which what a window asks for is no longer taken for something that its person has asked for. */
const attendedFor = 60_000;

let last = Date.now();

/** The person has just done something in this window. */
export const attend = (): void => {
  last = Date.now();
};

/** Whether somebody is at this window. What it reads by itself keeps no session open. */
export const isAttended = (): boolean => Date.now() - last < attendedFor;

/** From now on every touch of keyboard, pointer and wheel tells that somebody is here. */
export function watchAttendance(): void {
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'click', 'input', 'wheel', 'touchmove'])
    window.addEventListener(event, attend, { capture: true, passive: true });
}
