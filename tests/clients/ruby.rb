# Ruby's gem sqlite3: ruby.rb STATEMENTS
# manual: Ruby, sqlite3
require 'sqlite3'
db = SQLite3::Database.new(':memory:')
db.enable_load_extension(true)
db.load_extension('./array')
answer = db.get_first_value('SELECT array_sum(?)', ['[1,2,3]'])
# end
puts "# client: Ruby #{RUBY_VERSION}, sqlite3 #{SQLite3::VERSION}, SQLite #{SQLite3::SQLITE_VERSION}"
puts "#{'not ' unless answer == 6}ok 1 - the snippet"
checks = 1
File.foreach(ARGV[0], encoding: 'utf-8', chomp: true) do |line|
  next if line.start_with?('--')
  sql, expected = line.split(' --> ')
  got = db.get_first_value(sql)
  next unless expected
  checks += 1
  puts "#{'not ' unless got.to_s == expected}ok #{checks} - #{sql}"
end
puts "1..#{checks}"
