-- Signs a letter: every request is another person, in another network, on a page of their own.
-- Arguments: the file of pages (a cookie and a form token a line, tab between), and the name of this run.

local pages, run, count, id = {}, "", 0, 0
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init(args)
  for line in io.lines(args[1]) do
    local cookie, token = line:match("^(.-)\t(.-)$")
    pages[#pages + 1] = { cookie, token }
  end
  run = args[2]
end

function request()
  count = count + 1
  local page = pages[count % #pages + 1]
  local street = count % 65536
  local who = string.format("%s-%d-%d", run, id, count)
  local body = "csrf_token=" .. page[2] .. "&once=" .. who .. "&name=Rosa+Neighbour&email=" .. who
    .. "%40example.org&home_words=&display=hidden&count_me=y&show_to_target=y"
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = page[1],
    ["X-Forwarded-For"] = string.format("%d.%d.%d.9", 10 + id, math.floor(street / 256), street % 256),
  }
  return wrk.format("POST", wrk.path, headers, body)
end

dofile("bench/lua/read.lua")
