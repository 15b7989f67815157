-- Asks for `/many/00/00.html` to `/many/99/99.html` in turn. Run from the folder of this file.
dofile("report.lua")

local requests = {}
local at = 0

init = function(args)
  for folder = 0, 99 do
    for file = 0, 99 do
      local path = string.format("/many/%02d/%02d.html", folder, file)
      requests[#requests + 1] = wrk.format("GET", path)
    end
  end
end

request = function()
  at = at % #requests + 1
  return requests[at]
end
