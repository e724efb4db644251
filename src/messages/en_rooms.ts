/** Rooms: finding, joining, inviting, and the limits of what can be written. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_ROOMS = {
  "room.no-such": "There is no such room",
  "room.ambiguous": 'More than one of your rooms is called "#{title}". Say which one by its id: {ids:list}',
  "room.not-joined": { text: 'You are not in "#{title}" yet', hint: "Join it first: {command}" },
  "room.unknown": { text: 'You have no room called "#{title}"', hint: "See the rooms: {command}" },
  "room.did-you-mean": 'You have no room called "#{title}". Did you mean "#{suggestion}"?',
  "room.leave-direct": "A conversation of two cannot be left. To stop hearing from somebody, block them",
  "room.left-already": "You have already left #{room}",
  "room.damaged":
    'Cannot join that room: its log in "{folder}" is damaged at the beginning and was left as it is. Move the folder away and join again; the messages come back from the other members',
  "room.wrong-secret":
    "Cannot join that room: the secret in the link does not fit the room. Ask for a new link",
  "room.loading": "That conversation is still being read from the disk. Try again in a moment",
  "join.already": "You are already in that room",
  "join.nobody-has-it": "Cannot join #{title}: nobody who has it is here",
  "join.not-sent": "Cannot join #{title}: {host} did not send it within {time:span}. Try again",
  "join.invited-to-several":
    'You are invited to more than one room called "{title}". Say which one by its id: {choices:list}',
  "join.ambiguous": 'More than one room here is called "{title}". Say which one by its id: {choices:list}',
  "join.unknown": { text: 'No room here is called "{title}"', hint: "See the rooms: {command}" },
  "join.did-you-mean": 'No room here is called "{title}". Did you mean "{suggestion}"?',
  "join.hosts-none": {
    text: "{peer} at {address} port {port} is not hosting a room",
    hint: "Message them directly: {command}",
  },
  "join.hosts-several":
    "{peer} at {address} port {port} is hosting several rooms: {titles:list}. Join one by its title",
  "join.same-name": {
    text: 'Somebody here is also called "{name}", so you are shown as "{label}"',
    hint: "To choose another name: {command}",
  },
  "join.bad-link":
    "That link is incomplete. It should look like earshot://192.168.43.1:9999/ROOM/SECRET/KEY, without spaces or line breaks. Copy all of it",
  "join.nobody-admits":
    "Cannot join that room: none of its members here let you in. {trouble}. Try again when its members are near, or ask for a new link",
  "join.stopping": "Cannot join that room: earshot is stopping",
  "join.inviter-ignorant": "{inviter}, who made the link, does not have the room or its secret",
  "join.inviter-away": "The member who made the link is not here",
  "join.inviter-replaced": "Somebody else than the maker of the link is now at {address} port {port}",
  "invite.blocked": "Cannot invite {name}: you have blocked them",
  "invite.not-member": "{name} is not in #{room}",
  "invite.offline": "A link contains your current address, so you must be on a network to create one",
  "invite.secret-lost":
    "The secret of #{room} is no longer in this home. You are still a member; ask another one for a link",
  "move.followed":
    "{name} moved #{room} to a new room; you have been moved too. The messages of the old room are kept",
  "write.behind":
    "Cannot {doing}: other members have messages of yours that this home lacks. Is it an old backup? They come back as soon as one of those members is here; try again then",
  "write.already-in": "Cannot {doing}: you are already in that room",
  "write.already-left": "Cannot {doing}: you have already left that room",
  "write.left": "Cannot {doing}: you have left that room. Join it again first",
  "write.direct": "Cannot {doing}: that is a conversation of two. Open a room first",
  "write.full": {
    text: "Cannot {doing}: you have written as much as fits into one room",
    hint: "Continue in a new one: {command}",
  },
  "write.crowded": {
    text: "Cannot {doing}: the room has reached its limit of {max} members who have written",
    hint: "Ask its members for an invitation to another room, or open one: {command}",
  },
  "share.author-full": {
    text:
      "{author} has written more in one room than this device keeps of people who are not your contacts ({max} messages or {size:bytes}). Further messages from them are left out here",
    hint: "To keep them, add a contact: {command}",
  },
  "share.disk-low":
    "Messages of people who are not your contacts are no longer saved: the disk has only {free:bytes} left. They come when there is space",
  "share.home-full":
    "This home has {max} messages or more, so new messages of people who are not your contacts are not saved. To make room, leave rooms that you do not need, stop earshot and move their folders elsewhere",
  "place.direct": "a direct conversation",
  "notice.forked-own":
    "Two different messages were signed with your key as number {number} in {place}. Does another device have a copy of this home? The first one is shown; both are kept",
  "notice.forked":
    "{author} signed two different messages as number {number} in {place}. Do not rely on what they say there. The first one is shown; both are kept",
  "notice.feed-full":
    "{author} has written as much as fits into one room in {place} ({max} messages, or fewer long ones). Further messages from them are left out",
  "notice.crowded": {
    text: "{max} members have written in {place}, which is the limit. Newcomers are left out",
    hint: "To go on without them, open an invite-only room and invite the people you know: {command}",
  },
  "doing.send": "send this",
  "doing.join": "join the room",
  "doing.leave": "leave the room",
  "doing.leave-old": "leave the old room",
  "doing.tell-move": "announce the new room",
  "doing.invite": "invite anybody",
  "doing.move": "move to a new room",
  "doing.send-invitation": "send the invitation",
  "doing.open-room": "open #{room}",
  "doing.announce-name": "announce your name",
  "doing.offer": "offer this",
} as const satisfies Texts;
