-- A client that cannot load extensions: LuaSQL. Prints the error that the manual states.
-- manual: Lua, LuaSQL
local db = require('luasql.sqlite3').sqlite3():connect(':memory:')
local result, message = db:execute("SELECT load_extension('./array')")
-- end
local version = db:execute('SELECT sqlite_version()'):fetch()
print('# client: ' .. _VERSION .. ', LuaSQL, SQLite ' .. version)
print((message == 'LuaSQL: not authorized' and '' or 'not ') .. 'ok 1 - ' .. tostring(message))
print('1..1')
