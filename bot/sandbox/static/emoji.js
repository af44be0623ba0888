/** Shortcodes of the common emoji. An unknown one stays as it was written. */

const TABLE = `
smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉
blush 😊 innocent 😇 heart_eyes 😍 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 sunglasses 😎 nerd_face 🤓 star-struck 🤩 thinking_face 🤔
neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪
sleeping 😴 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱
tired_face 😫 rage 😡 angry 😠 partying_face 🥳 hugging_face 🤗 shushing_face 🤫 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 robot_face 🤖 ghost 👻
wave 👋 raised_hand ✋ ok_hand 👌 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 point_right 👉 point_left 👈
point_up 👆 point_down 👇 crossed_fingers 🤞 v ✌️ writing_hand ✍️ handshake 🤝 eyes 👀 ear 👂 brain 🧠 heart ❤️ blue_heart 💙 green_heart 💚
yellow_heart 💛 purple_heart 💜 broken_heart 💔 sparkling_heart 💖 100 💯 boom 💥 dizzy 💫 zzz 💤 musical_note 🎵 notes 🎶 musical_score 🎼
musical_keyboard 🎹 violin 🎻 guitar 🎸 trumpet 🎺 saxophone 🎷 drum_with_drumsticks 🥁 microphone 🎤 headphones 🎧 studio_microphone 🎙️ level_slider 🎚️
loud_sound 🔊 sound 🔉 mute 🔇 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈
third_place_medal 🥉 sports_medal 🏅 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 cake 🍰 birthday 🎂 champagne 🍾 clinking_glasses 🥂 coffee ☕ tea 🍵 pizza 🍕
cookie 🍪 apple 🍎 star ⭐ star2 🌟 sparkles ✨ zap ⚡ fire 🔥 rainbow 🌈 sunny ☀️ cloud ☁️ snowflake ❄️ umbrella ☔ earth_africa 🌍 moon 🌙 dog 🐶 cat 🐱 bird 🐦
herb 🌿 seedling 🌱 evergreen_tree 🌲 four_leaf_clover 🍀 rose 🌹 sunflower 🌻 rocket 🚀 airplane ✈️ car 🚗 bike 🚲 house 🏠 office 🏢 school 🏫
calendar 📆 date 📅 spiral_calendar_pad 🗓️ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛ hourglass_flowing_sand ⏳ clock3 🕒 watch ⌚
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 exclamation ❗ question ❓
grey_question ❔ bangbang ‼️ information_source ℹ️ bulb 💡 lock 🔒 unlock 🔓 key 🔑 closed_lock_with_key 🔐 shield 🛡️ mag 🔍 gear ⚙️ wrench 🔧 hammer 🔨
link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 scroll 📜 books 📚 book 📖 bookmark 🔖 file_folder 📁
open_file_folder 📂 inbox_tray 📥 outbox_tray 📤 package 📦 email ✉️ envelope ✉️ incoming_envelope 📨 mailbox 📫 speech_balloon 💬 thought_balloon 💭 bar_chart 📊
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 computer 💻 iphone 📱 camera 📷 floppy_disk 💾 game_die 🎲 dart 🎯 art 🎨 ticket 🎫 ballot_box_with_ballot 🗳️
arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_forward ▶️ play_or_pause_button ⏯️ arrows_counterclockwise 🔄 repeat 🔁 rewind ⏪ fast_forward ⏩
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ red_circle 🔴 large_green_circle 🟢 large_yellow_circle 🟡
large_orange_circle 🟠 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫ large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛
small_blue_diamond 🔹 small_orange_diamond 🔸 heavy_plus_sign ➕ heavy_minus_sign ➖ new 🆕 ok 🆗 soon 🔜 back 🔙 crown 👑 gem 💎 mortar_board 🎓 classical_building 🏛️
bust_in_silhouette 👤 busts_in_silhouette 👥 baby_chick 🐤 snail 🐌 turtle 🐢 unicorn_face 🦄 owl 🦉 checkered_flag 🏁 triangular_flag_on_post 🚩 judge 🧑‍⚖️ scales ⚖️
`;

const WORDS = TABLE.trim().split(/\s+/);
const EMOJI = new Map(WORDS.flatMap((word, index) => (index % 2 ? [] : [[word, WORDS[index + 1]]])));

/** @param {string} name Without its colons; a skin tone after "::" is left out. @returns {?string} */
export function emoji(name) {
  return EMOJI.get(name.split("::")[0]) ?? null;
}

/** Replaces `:shortcodes:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
