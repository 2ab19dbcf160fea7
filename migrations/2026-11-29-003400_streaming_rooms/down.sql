drop table streaming.players;
drop table streaming.room_members;
drop table streaming.rooms;
