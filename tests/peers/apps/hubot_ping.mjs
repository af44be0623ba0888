/** What hubot's guide begins with. */

export default (robot) => {
  robot.hear(/^ping$/i, (res) => res.send("PONG"));
};
