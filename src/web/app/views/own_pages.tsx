/** The user's own pages: name and presence, settings, network. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { PAGE_CLOCK } from "../browser/clock.ts";
import { playSound, readNotificationPermission, requestNotificationPermission } from "../browser/notifier.ts";
import {
  browserTags,
  findLanguage,
  LANGUAGES,
  translate,
  translateAll,
  translateTold,
} from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { Checkup } from "./checkup.tsx";
import { useAsyncAction } from "./use_async_action.ts";
import { groupKeyLetters } from "./details.tsx";
import { GiveButton } from "./give_dialog.tsx";
import { CopyButton, Empty, Problem } from "./parts.tsx";
import { QuitButton } from "./quit_dialog.tsx";
import { Choice, Page, Switch } from "./page_frame.tsx";

/** Characters of a name in the field. The node decides which names are valid. */
const NAME_UNITS_MAX = 64;
/** As the node's own limit for away texts. */
const AWAY_UNITS_MAX = 120;

/** Name and presence. */
export function MePage(): JSX.Element {
  const { state } = useApp();
  const { status } = state;
  return (
    <Page title={translate("me.title")}>
      <NameForm key={status.value?.name} />
      <Away />
      <section class="section">
        <h2>{translate("me.key")}</h2>
        <p class="help">{translate("me.keyText")}</p>
        <p>
          <code class="key">{groupKeyLetters(status.value?.id ?? "")}</code>
        </p>
      </section>
    </Page>
  );
}

function NameForm(): JSX.Element {
  const { lists, node, showToast, state } = useApp();
  const name = useSignal(state.status.value?.name ?? "");
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const save = () =>
    runAction(async () => {
      const reply = await node.run({ do: "nick", name: name.value.trim() });
      await lists.read("status");
      showToast(translate("me.nameSaved", { name: reply.name }));
    });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label class="field">
        <span>{translate("me.name")}</span>
        <input
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          maxLength={NAME_UNITS_MAX}
          value={name.value}
          onInput={(event) => name.value = event.currentTarget.value}
        />
      </label>
      <p class="help">{translate("welcome.text")}</p>
      <Problem text={problem.value} />
      <div class="buttons">
        <button
          type="submit"
          class="primary"
          disabled={isBusy.value || name.value.trim() === state.status.value?.name}
        >
          {translate("me.change")}
        </button>
      </div>
    </form>
  );
}

function Away(): JSX.Element {
  const { lists, node, state } = useApp();
  const text = useSignal("");
  const { isBusy, problem, run: runAction } = useAsyncAction();
  const away = state.status.value?.away ?? null;
  const set = (why: string | null) =>
    runAction(async () => {
      await node.run({ do: "away", text: why });
      await lists.read("status");
    });
  return (
    <form
      class="form section"
      onSubmit={(event) => {
        event.preventDefault();
        void set(away === null ? text.value : null);
      }}
    >
      <h2>{translate("me.away")}</h2>
      {away === null
        ? (
          <label class="field">
            <span>{translate("me.awayLabel")}</span>
            <input
              dir="auto"
              maxLength={AWAY_UNITS_MAX}
              value={text.value}
              onInput={(event) => text.value = event.currentTarget.value}
            />
          </label>
        )
        : <p>{away === "away" ? translate("who.away") : translate("me.awayNow", { text: away })}</p>}
      <Problem text={problem.value} />
      <div class="buttons">
        <button type="submit" disabled={isBusy.value}>
          {away === null ? translate("me.awayGo") : translate("me.awayBack")}
        </button>
      </div>
    </form>
  );
}

/** The user's settings in this browser, and problems of the node. */
export function SettingsPage(): JSX.Element {
  const { lists, node, preferences, state } = useApp();
  const { theme, language: tag, isTypingTold } = state.preferences.value;
  const { status } = state;
  const { notices = [], noticeMessages = [] } = status.value ?? {};
  useEffect(() => void node.tryRun(() => lists.read("status")), []);
  return (
    <Page title={translate("settings.title")}>
      <section class="section form">
        <h2>{translate("settings.look")}</h2>
        <Choice
          legend={translate("settings.theme")}
          name="theme"
          value={theme}
          options={[["auto", translate("settings.themeAuto")], ["light", translate("settings.themeLight")], [
            "dark",
            translate("settings.themeDark"),
          ]]}
          onChoose={(chosen) => preferences.change({ theme: chosen })}
        />
        <label class="field">
          <span>{translate("settings.language")}</span>
          <select
            value={tag ?? ""}
            onChange={({ currentTarget: { value } }) =>
              preferences.change({ language: value === "" ? null : value })}
          >
            <option value="">
              {translate("settings.languageAuto", { name: findLanguage(null, browserTags.value).name })}
            </option>
            {LANGUAGES.map((each) => (
              <option key={each.tag} value={each.tag} lang={each.tag}>{each.name}</option>
            ))}
          </select>
        </label>
      </section>
      <section class="section form">
        <h2>{translate("settings.news")}</h2>
        <NotificationSwitches />
        <Switch
          label={translate("settings.typing")}
          isOn={isTypingTold}
          onChange={(isOn) => preferences.change({ isTypingTold: isOn })}
        />
      </section>
      <section class="section">
        <h2>{translate("settings.notices")}</h2>
        {notices.length === 0 ? <Empty>{translate("settings.noNotices")}</Empty> : (
          <ul class="notices">
            {notices.map((text, index) => <li key={index}>{translateTold(text, noticeMessages[index])}</li>)}
          </ul>
        )}
      </section>
      <section class="section">
        <h2>{translate("give.title")}</h2>
        <p>
          {translate("give.nobody")} <GiveButton />
        </p>
      </section>
      <Checkup />
      <section class="section">
        <h2>{translate("settings.about")}</h2>
        <p>{translate("settings.version", { version: status.value?.version ?? "" })}</p>
        <p class="help">{translate("settings.home", { path: status.value?.home ?? "" })}</p>
        <p>
          <QuitButton />
        </p>
      </section>
    </Page>
  );
}

function NotificationSwitches(): JSX.Element {
  const { preferences, state } = useApp();
  const { isNotifying, isSounding } = state.preferences.value;
  const isDenied = useSignal(isNotifying && readNotificationPermission() !== "granted");
  const setNotifying = async (isOn: boolean) => {
    const right = isOn ? await requestNotificationPermission() : "granted";
    isDenied.value = right !== "granted";
    preferences.change({ isNotifying: isOn && right === "granted" });
  };
  return (
    <>
      <Switch
        label={translate("settings.notify")}
        help={translate("settings.notifyText")}
        isOn={isNotifying && !isDenied.value}
        onChange={(isOn) => void setNotifying(isOn)}
      />
      <Problem text={isDenied.value ? translate("settings.notifyDenied") : null} />
      <Switch
        label={translate("settings.sound")}
        isOn={isSounding}
        onChange={(isOn) => {
          preferences.change({ isSounding: isOn });
          if (isOn) playSound();
        }}
      />
    </>
  );
}

/** The network, and what to do when no peer is seen. */
export function NetworkPage(): JSX.Element {
  const { lists, node, showToast, state } = useApp();
  const { status, discoveryStatus: outlook } = state;
  const port = status.value?.port ?? null;
  const interfaces = status.value?.interfaces ?? [];
  const own = interfaces.filter(({ address }) => !address.startsWith("127."))
    .map(({ name, address }) => ({ name, address: address.replace(/\/\d+$/, "") }));
  useEffect(() => {
    const look = () => void node.tryRun(() => Promise.all([lists.read("status"), lists.read("peers")]));
    look();
    return PAGE_CLOCK.runEvery(LOOK_MS, look);
  }, []);
  const rescan = () =>
    node.tryRun(async () => {
      await node.run({ do: "rescan" });
      showToast(translate("network.rescanned"));
    });
  return (
    <Page title={translate("network.title")}>
      <section class="section">
        <h2>{translate("network.now")}</h2>
        <p class="outlook" role="status">{translateAll(outlook.value)}</p>
        <div class="buttons">
          <button type="button" class="primary" onClick={() => void rescan()}>
            {translate("network.rescan")}
          </button>
        </div>
      </section>
      <Checkup />
      <section class="section">
        <h2>{translate("network.mine")}</h2>
        {own.length === 0 || port === null ? <Empty>{translate("network.none")}</Empty> : (
          <>
            <ul class="addresses">
              {own.map(({ name, address }) => (
                <li key={name + address}>
                  <Address address={address} port={port} name={name} />
                </li>
              ))}
            </ul>
            <p class="help">{translate("network.mineText")}</p>
          </>
        )}
      </section>
      <section class="section">
        <h2>{translate("network.try")}</h2>
        <ol class="steps">
          <li>{translate("network.try1")}</li>
          <li>{translate("network.try2")}</li>
          <li>{translate("network.try3", { port: String(port ?? 9999) })}</li>
          <li>
            {translate("network.try4")}{" "}
            <button type="button" class="quiet inline" onClick={() => state.dialog.value = { is: "join" }}>
              {translate("nav.join")}
            </button>
          </li>
        </ol>
      </section>
      {interfaces.length > 0 && (
        <section class="section">
          <h2>{translate("network.interfaces")}</h2>
          <dl class="facts">
            {interfaces.map(({ name, address, state, stateMessage }) => (
              <div key={name + address}>
                <dt>
                  {name} <code>{address}</code>
                </dt>
                <dd>{translateTold(state, stateMessage)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </Page>
  );
}

/** Time between two reads while the page is open. */
const LOOK_MS = 2_000;

function Address(
  { address, port, name }: { readonly address: string; readonly port: number; readonly name: string },
): JSX.Element {
  const text = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  return (
    <div class="address">
      <code class="big">{address}</code>
      <span class="help">{translate("network.port", { port: String(port) })} · {name}</span>
      <CopyButton text={() => text} />
    </div>
  );
}
